import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { type ExchangeFacts } from '../exchange/facts/exchange-facts.js';
import { REGISTRY } from './registry.js';

/** What the metrics read of an exchange in whose reply reasoning was looked for. */
export interface ReadExchange {
  readonly facts: Pick<ExchangeFacts, 'reasoningBlocks' | 'unclosedBlocks' | 'droppedCalls'>;
}

/** Counts what the rewriting of replies met. Dialects are those that are configured or built in. */
@Injectable()
export class ReasoningMetrics {
  readonly #blocks: Counter;
  readonly #unclosed: Counter;
  readonly #droppedCalls: Counter;

  constructor(@Inject(REGISTRY) registry: Registry) {
    const registers = [registry];
    this.#blocks = new Counter({
      name: 'sluice_reasoning_blocks_total',
      help: 'Blocks of reasoning read in the text of replies.',
      labelNames: ['dialect'],
      registers,
    });
    this.#unclosed = new Counter({
      name: 'sluice_reasoning_unclosed_total',
      help: 'Blocks of reasoning that the text ended within.',
      registers,
    });
    this.#droppedCalls = new Counter({
      name: 'sluice_reasoning_calls_dropped_total',
      help: 'Calls written as text that were dropped from the content.',
      registers,
    });
  }

  finished({ facts }: ReadExchange): void {
    // Most exchanges have none of these, and looking a counter up costs more than this line.
    if (facts.unclosedBlocks > 0) this.#unclosed.inc(facts.unclosedBlocks);
    if (facts.droppedCalls > 0) this.#droppedCalls.inc(facts.droppedCalls);
    if (facts.reasoningBlocks === null) return;
    for (const [dialect, count] of facts.reasoningBlocks) this.#blocks.inc({ dialect }, count);
  }
}
