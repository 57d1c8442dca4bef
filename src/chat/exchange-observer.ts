import { type Exchange } from '../exchange/exchange.js';
import { tellingUsage } from '../exchange/facts/tokens-of.js';
import { type ReplyObserver } from './rewrite/reply-observer.js';

/** Notes what a reply holds on its exchange, for whoever reads the exchange afterwards. */
export class ExchangeObserver implements ReplyObserver {
  constructor(private readonly exchange: Exchange) {}

  reasoningSeen(): void {
    this.exchange.noteReasoning();
  }

  answerSeen(): void {
    this.exchange.noteAnswer();
  }

  blockRead(dialect: string): void {
    const { facts } = this.exchange;
    facts.reasoningBlocks ??= new Map();
    facts.reasoningBlocks.set(dialect, (facts.reasoningBlocks.get(dialect) ?? 0) + 1);
  }

  blockUnclosed(): void {
    this.exchange.facts.unclosedBlocks++;
  }

  callDropped(): void {
    this.exchange.facts.droppedCalls++;
  }

  finished(reason: string): void {
    this.exchange.facts.finishReason = reason;
  }

  usageSeen(usage: Readonly<Record<string, unknown>>): void {
    const { facts } = this.exchange;
    facts.usage = tellingUsage(usage) ?? facts.usage;
  }

  unread(): void {
    this.exchange.isReplyRead = false;
  }

  rewritten(): void {
    this.exchange.facts.rewritten = true;
  }
}
