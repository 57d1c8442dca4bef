import { type Exchange } from '../exchange/exchange.js';
import { type ReplyObserver } from './rewrite/reply-observer.js';

/** Notes what a reply holds on its exchange, for whoever reads the exchange afterwards. */
export function noteOn(exchange: Exchange): ReplyObserver {
  const { facts } = exchange;
  return {
    reasoningSeen() {
      exchange.noteReasoning();
    },
    answerSeen() {
      exchange.noteAnswer();
    },
    blockRead(dialect) {
      facts.reasoningBlocks ??= new Map();
      facts.reasoningBlocks.set(dialect, (facts.reasoningBlocks.get(dialect) ?? 0) + 1);
    },
    blockUnclosed() {
      facts.unclosedBlocks++;
    },
    callDropped() {
      facts.droppedCalls++;
    },
    finished(reason) {
      facts.finishReason = reason;
    },
    usageSeen(usage) {
      facts.usage = usage;
    },
    rewritten() {
      facts.rewritten = true;
    },
  };
}
