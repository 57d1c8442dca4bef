import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { Delivery } from '../analytics/delivery/delivery.js';
import { type SinkFigures } from '../analytics/delivery/sink-figures.js';
import { REGISTRY } from './registry.js';

const MS_PER_SECOND = 1000;

/** How each sink of the records of exchanges fares; read at the moment of the question. */
@Injectable()
export class AnalyticsMetrics {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    private readonly delivery: Delivery,
  ) {
    this.#gauge('queue', 'Records that wait for a sink in memory.', ({ queued }) => queued);
    this.#gauge(
      'lag_seconds',
      'Age of the oldest record that a sink has not written.',
      ({ lagMs }) => lagMs / MS_PER_SECOND,
    );
    this.#gauge('spool_bytes', 'Bytes that wait for a sink on disk.', (sink) => sink.spoolBytes);
    this.#gauge('sink_up', '1 while a sink takes records, 0 while not.', ({ isUp }) =>
      isUp ? 1 : 0,
    );
    this.#registerWritten();
    this.#registerDropped();
  }

  #gauge(name: string, help: string, valueOf: (sink: SinkFigures) => number): void {
    const { delivery } = this;
    new Gauge({
      name: `sluice_analytics_${name}`,
      help,
      labelNames: ['sink'],
      registers: [this.registry],
      collect() {
        for (const sink of delivery.figures) this.set({ sink: sink.name }, valueOf(sink));
      },
    });
  }

  #registerWritten(): void {
    const { delivery } = this;
    new Counter({
      name: 'sluice_analytics_written_total',
      help: 'Records that a sink has written.',
      labelNames: ['sink'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { name: sink, written } of delivery.figures) this.inc({ sink }, written);
      },
    });
  }

  #registerDropped(): void {
    const { delivery } = this;
    new Counter({
      name: 'sluice_analytics_dropped_total',
      help: 'Records that a sink has lost, by why.',
      labelNames: ['sink', 'cause'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { name: sink, dropped } of delivery.figures) {
          for (const [cause, count] of Object.entries(dropped)) this.inc({ sink, cause }, count);
        }
      },
    });
  }
}
