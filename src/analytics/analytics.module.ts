import {
  Global,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { randomBytes } from 'node:crypto';
import { ConfigStore } from '../config/config-store.js';
import { SLUICE_CONFIG } from '../config/config.module.js';
import { type SluiceConfig } from '../config/typed/sluice-config.js';
import { onExchange } from '../exchange/exchange.events.js';
import { InFlight } from '../exchange/in-flight.js';
import { Clock } from '../exchange/timing/clock.js';
import { UsageEstimator } from '../usage/estimating/usage-estimator.js';
import { UsageModule } from '../usage/usage.module.js';
import { BodyLog } from './capture/body-log.js';
import { Captures } from './capture/captures.js';
import { createDelivery } from './delivery/create-delivery.js';
import { Delivery } from './delivery/delivery.js';
import { RecordQueue } from './delivery/record-queue.js';
import { Retention } from './delivery/retention.js';
import { Fingerprints } from './record/fingerprints.js';
import { RecordBuilder } from './record/record-builder.js';
import { RecordIds } from './record/record-ids.js';
import { Recorder } from './record/recorder.js';
import { AnalyzerSink } from './sinks/analyzer/analyzer-sink.js';
import { startedExchange } from './sinks/analyzer/started-exchange.js';
import { createSinks } from './sinks/create-sinks.js';
import { LazyStore } from './sinks/lazy-sink.js';
import { type Sink, SINKS } from './sinks/sink.js';
import { EXCHANGE_STORE, type ExchangeStore } from './store/exchange-store.js';
import { within } from './time-limit.js';

const INSTANCE_BYTES = 8;
const SEED_BYTES = 4;

/** Longest wait for the ends of exchanges whose connections are closed. */
const END_LIMIT_MS = 1000;

/** Listens to what happened and keeps it. */
@Global()
@Module({
  imports: [UsageModule],
  providers: [
    BodyLog,
    Captures,
    {
      provide: SINKS,
      inject: [SLUICE_CONFIG, Clock],
      useFactory: ({ settings }: SluiceConfig, clock: Clock): Sink[] =>
        createSinks(settings.analytics.sinks, () => clock.wallMs()),
    },
    {
      provide: EXCHANGE_STORE,
      inject: [SINKS],
      useFactory: (sinks: readonly Sink[]): ExchangeStore | null =>
        sinks.find((sink) => sink instanceof LazyStore) ?? null,
    },
    {
      provide: Delivery,
      inject: [SLUICE_CONFIG, SINKS, Clock],
      useFactory: ({ settings }: SluiceConfig, sinks: readonly Sink[], clock: Clock) =>
        createDelivery(settings.analytics, sinks, () => clock.wallMs()),
    },
    {
      provide: RecordQueue,
      inject: [Delivery],
      useFactory: (delivery: Delivery) => new RecordQueue(delivery),
    },
    {
      provide: Retention,
      inject: [ConfigStore, SINKS, Clock],
      useFactory: createRetention,
    },
    {
      provide: Recorder,
      inject: [ConfigStore, RecordQueue, UsageEstimator, Captures],
      useFactory: createRecorder,
    },
  ],
  exports: [Captures, Delivery, EXCHANGE_STORE, RecordQueue, SINKS],
})
export class AnalyticsModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly events: EventEmitter2,
    private readonly host: HttpAdapterHost,
    private readonly inFlight: InFlight,
    private readonly recorder: Recorder,
    private readonly queue: RecordQueue,
    private readonly retention: Retention,
    @Inject(SINKS) private readonly sinks: readonly Sink[],
  ) {}

  /** Loads the user's own analyzers, so that a broken one ends the start. */
  async onModuleInit(): Promise<void> {
    for (const sink of this.sinks) {
      if (sink instanceof AnalyzerSink) await this.#load(sink);
    }
    if (this.sinks.length > 0) this.recorder.listen(this.events);
    // What sinks load and open must not keep the first request waiting.
    this.host.listen$.subscribe(() => {
      this.queue.start();
      this.retention.start();
    });
  }

  /** After the listener has closed: those exchanges that it cut are about to end. */
  async onApplicationShutdown(): Promise<void> {
    this.retention.stop();
    await within(END_LIMIT_MS, this.inFlight.onIdle());
    await this.recorder.settled();
    await this.queue.close();
  }

  async #load(sink: AnalyzerSink): Promise<void> {
    await sink.load();
    const { started } = sink;
    if (started === null) return;
    onExchange(this.events, 'exchange.started', (exchange) => {
      started(startedExchange(exchange));
    });
  }
}

function createRetention(config: ConfigStore, sinks: readonly Sink[], clock: Clock): Retention {
  return new Retention({
    sinks,
    days: () => config.current.settings.analytics.retentionDays,
    wallMs: () => clock.wallMs(),
  });
}

function createRecorder(
  config: ConfigStore,
  queue: RecordQueue,
  estimates: UsageEstimator,
  captures: Captures,
): Recorder {
  const logger = new Logger('Analytics');
  return new Recorder({
    ...{ config, queue, estimates },
    builder: createBuilder(config),
    bodiesOf: (exchange) => captures.of(exchange),
    onFault: (error) => {
      logger.error(error);
    },
  });
}

function createBuilder(config: ConfigStore): RecordBuilder {
  const ids = new RecordIds(randomBytes(INSTANCE_BYTES).toString('hex'));
  const fingerprints = new Fingerprints(randomBytes(SEED_BYTES).readUInt32LE());
  return new RecordBuilder(config, ids, fingerprints);
}
