import { byteString } from '../../wire/byte-text.js';
import { parseSpans } from '../../wire/json/parse-spans.js';
import { createSseDecoder } from '../../wire/sse/sse-decoder.js';
import {
  encodeSseBlocks,
  encodeSseData,
  missingEnd,
  terminated,
} from '../../wire/sse/sse-encoder.js';
import {
  amidEvent,
  dataIn,
  haveOutlasting,
  readSseLines,
  soleData,
  sseData,
  withoutData,
} from '../../wire/sse/sse-lines.js';
import { DONE, EVENT_END } from '../../wire/sse/sse-syntax.js';
import { createChoiceStates } from './choice-state.js';
import { createChunkRewriter } from './chunk-rewriter.js';
import { endAll } from './held-text.js';
import { OutgoingText } from './outgoing-text.js';
import { type ReplyObserver } from './reply-observer.js';
import { type RewritePlan } from './rewrite-plan.js';
import { templateOf } from './templates/template-reader.js';
import { TemplatedEvents } from './templates/templated-events.js';

/** Rewrites one event stream of chat or legacy completions. Never throws on any bytes. */
export interface StreamRewriter {
  /** @returns the bytes to send for these, which were cut anywhere; empty when all are held */
  feed(bytes: Uint8Array): Uint8Array;
  /**
   * The stream is over, or broke off in the middle: then half an event is dropped, which no client
   * could read.
   *
   * @returns what was held, as events; never a finish
   */
  end(ending: 'complete' | 'broken'): Uint8Array;
}

const EMPTY = new Uint8Array(0);

/** A rewriter for one stream; what is seen in it is told to the observer. */
export function createStreamRewriter(plan: RewritePlan, observer: ReplyObserver): StreamRewriter {
  const states = createChoiceStates(plan, observer);
  const rewriteChunk = createChunkRewriter(plan, states, observer);
  const out = new OutgoingText();
  /** Whether fields of an event that vanished begin the next: a blank line would end it without data. */
  let hasBegun = false;
  const write = (bytes: string): void => {
    if (bytes !== '') hasBegun = false;
    out.add(bytes);
  };
  const templated = new TemplatedEvents(write);
  const decoder = createSseDecoder({ onBlock: writeBlock, onFragment: writeFragment });
  let isBroken = false;
  /** Whether the block read last ended in a carriage return: the line feed of it may come yet. */
  let wasCut = false;

  function writeFragment(bytes: string): void {
    wasCut = false;
    write(bytes);
  }

  function writeBlock(read: string): void {
    // By itself half of a line end is a blank line, where the other half did not leave.
    const block = wasCut && !out.endsInCr && read.startsWith('\n') ? read.slice(1) : read;
    wasCut = read.endsWith('\r');
    if (isBroken && !isWhole(block)) return;
    if (templated.takeOne(block)) return;
    const data = soleData(block);
    if (data !== null) {
      const datas = rewriteData(data, block);
      write(datas === null ? block : datas.map(encodeSseData).join(''));
    } else {
      writeUnusualBlock(block);
    }
  }

  function writeUnusualBlock(block: string): void {
    const lines = readSseLines(block);
    const data = sseData(lines);
    if (lines.some(({ field, value }) => field === 'event' && value === 'error')) writeHeldText();
    const datas = data === null ? null : rewriteData(data, null);
    if (hasBegun && (data === null || datas?.length === 0)) {
      out.add(amidEvent(block));
    } else if (data === null) {
      write(block);
    } else if (datas === null) {
      write(terminated(block));
    } else if (datas.length > 0) {
      write(encodeSseBlocks(block, lines, datas));
    } else {
      write(withoutData(block));
      hasBegun = haveOutlasting(lines);
    }
  }

  function writeHeldText(): void {
    for (const chunk of endAll(states, plan)) write(encodeSseData(chunk));
  }

  /** @returns the data of the events that take this one's place; null leaves it as it is */
  function rewriteData(data: string, block: string | null): readonly string[] | null {
    if (data.trim() === DONE) {
      const held = endAll(states, plan);
      return held.length === 0 ? null : [...held, data];
    }
    const matchedBefore = countMatched();
    const { chunks, single } = rewriteChunk(data);
    // What matched for the first time may end the right of repeated roles to stay.
    if (countMatched() !== matchedBefore) templated.forget();
    if (single !== null && block !== null && templated.isWorthTemplate) {
      const template = templateOf(data, single, plan);
      if (template !== null) templated.add(template);
    }
    return chunks;
  }

  function countMatched(): number {
    let count = 0;
    for (const [, { pipeline }] of states) if (pipeline.hasMatched) count++;
    return count;
  }

  /** Takes bytes cut anywhere: many events of one form at once, all others one by one. */
  function read(bytes: string): void {
    let at = 0;
    while (at < bytes.length) {
      const start = decoder.isBetweenBlocks() ? templated.take(bytes, at) : at;
      if (start === bytes.length) return;
      const end = bytes.indexOf(EVENT_END, start);
      at = end === -1 ? bytes.length : end + EVENT_END.length;
      decoder.feed(start === 0 && at === bytes.length ? bytes : bytes.slice(start, at));
    }
  }

  /** Hands over what was written; the very buffer that came in, where nothing was changed. */
  function flushed(bytes: Uint8Array): Uint8Array {
    if (out.isUnchanged) return bytes;
    const { text } = out;
    return text === '' ? EMPTY : Buffer.from(text, 'latin1');
  }

  return {
    feed(bytes) {
      const text = byteString(bytes);
      out.begin(text);
      read(text);
      return flushed(bytes);
    },
    end(ending) {
      isBroken = ending === 'broken';
      out.begin('');
      decoder.end();
      const held = endAll(states, plan);
      // Behind a comment or a field that nothing ends it would be a part of that.
      if (held.length > 0 && out.text !== '') write(missingEnd(out.text));
      for (const chunk of held) write(encodeSseData(chunk));
      return flushed(EMPTY);
    },
  };
}

/** Whether the block a stream broke off in holds a whole event all the same. */
function isWhole(block: string): boolean {
  const data = dataIn(block);
  return data !== null && (data.trim() === DONE || parseSpans(data) !== null);
}
