import { jsonStringBytes } from '../../wire/byte-text.js';
import { parseSpans } from '../../wire/json-spans.js';
import { createSseDecoder } from '../../wire/sse-decoder.js';
import { leadOf, readSseLines, sseData } from '../../wire/sse-lines.js';
import { encodeSseBlocks, encodeSseData, terminated } from '../../wire/sse-encoder.js';
import { createChoiceStates } from './choice-state.js';
import { createChunkRewriter } from './chunk-rewriter.js';
import { type DeltaTemplate, readRawString, TemplateStore } from './delta-template.js';
import { endAll } from './held-text.js';
import { type ReplyObserver } from './reply-observer.js';
import { type RewritePlan } from './rewrite-plan.js';
import { templateOf } from './template-reader.js';

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

const DATA_PREFIX = 'data: ';
const EVENT_END = '\n\n';
const DONE = '[DONE]';
const EMPTY = new Uint8Array(0);

export function createStreamRewriter(plan: RewritePlan, observer: ReplyObserver): StreamRewriter {
  const states = createChoiceStates(plan, observer);
  const rewriteChunk = createChunkRewriter(plan, states, observer);
  const templates = new TemplateStore();
  const decoder = createSseDecoder({
    onBlock: writeBlock,
    onFragment: (bytes) => {
      out += bytes;
    },
  });
  let out = '';
  let isBroken = false;

  function writeBlock(block: string): void {
    if (isBroken && !isWhole(block)) return;
    const template = templates.find(block);
    if (template !== null && writeByTemplate(block, template)) return;
    // Nearly every block is one `data` line; the rest is for the general reader.
    const isSimple =
      block.startsWith(DATA_PREFIX) &&
      block.endsWith(EVENT_END) &&
      block.indexOf('\n') === block.length - EVENT_END.length &&
      !block.includes('\r');
    if (isSimple) {
      const data = block.slice(DATA_PREFIX.length, -EVENT_END.length);
      const datas = rewriteData(data, block);
      out += datas === null ? block : datas.map(encodeSseData).join('');
    } else {
      writeUnusualBlock(block);
    }
  }

  function writeUnusualBlock(block: string): void {
    const lines = readSseLines(block);
    const data = sseData(lines);
    const datas = data === null ? null : rewriteData(data, null);
    if (data === null) {
      out += block;
    } else if (datas === null) {
      out += terminated(block);
    } else if (datas.length > 0) {
      out += encodeSseBlocks(block, lines, datas);
    } else {
      // The event vanishes; its comments do not.
      out += leadOf(block);
      for (const { field, raw } of lines) if (field === 'comment') out += `${raw}\n`;
    }
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
    if (countMatched() !== matchedBefore) templates.clear();
    if (single !== null && block !== null && templates.isWorthFilling) {
      const template = templateOf(data, single, plan);
      if (template !== null) templates.add(template);
    }
    return chunks;
  }

  function countMatched(): number {
    let count = 0;
    for (const [, { pipeline }] of states) if (pipeline.hasMatched) count++;
    return count;
  }

  /** @returns whether the event was dealt with; else it must be parsed */
  function writeByTemplate(block: string, template: DeltaTemplate): boolean {
    const { pipeline } = template.choice;
    const raw = block.slice(template.prefix.length, block.length - template.suffix.length);
    const text = readRawString(raw);
    if (text === null) return false;
    const isContent = template.source === 'content';
    const isKept = template.source === 'kept';
    const passesUnread = text === '' || isKept || (isContent && pipeline.isSettled);
    if (isKept) pipeline.reasoningKept();
    if (passesUnread && template.isUnchanged) {
      out += block;
      return true;
    }
    // Empty but for what is left out, such as a role that was sent before: nothing remains.
    if (text === '') return true;
    const hadMatched = pipeline.hasMatched;
    if (isContent) pipeline.content(text);
    else pipeline.reasoning(text);
    for (const piece of pipeline.take()) {
      if (piece.kind === 'call') {
        out += encodeSseData(template.callChunk(piece));
        continue;
      }
      const literal = piece.text === text ? raw : jsonStringBytes(piece.text).slice(1, -1);
      out += template.frames[piece.kind].join(literal);
    }
    if (pipeline.hasMatched !== hadMatched) templates.clear();
    return true;
  }

  /** Hands over what was written; the very buffer that came in, where nothing was changed. */
  function flushed(text: string, bytes: Uint8Array): Uint8Array {
    const written = out;
    out = '';
    if (written === '') return EMPTY;
    return written === text ? bytes : Buffer.from(written, 'latin1');
  }

  return {
    feed(bytes) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
      decoder.feed(text);
      return flushed(text, bytes);
    },
    end(ending) {
      isBroken = ending === 'broken';
      decoder.end();
      for (const chunk of endAll(states, plan)) out += encodeSseData(chunk);
      return flushed('', EMPTY);
    },
  };
}

/** Whether the block a stream broke off in holds a whole event all the same. */
function isWhole(block: string): boolean {
  const data = sseData(readSseLines(block));
  return data !== null && (data.trim() === DONE || parseSpans(data) !== null);
}
