import { codingIn, headerValue, isEventStream } from '../../exchange/reply/reply-head.js';
import { type RawHeaders } from '../../exchange/reply/reply.js';
import { byteString } from '../../wire/byte-text.js';
import { createSseDecoder } from '../../wire/sse/sse-decoder.js';
import { dataIn } from '../../wire/sse/sse-lines.js';
import { createMessageMerger } from './message-merger.js';

/** What was collected of a body. */
export interface CollectedText {
  readonly text: string;
  /** There was more than the bound. */
  readonly isCut: boolean;
}

/** Stands for a body that is no text. */
export interface CollectedNote {
  readonly note: string;
}

/** Collects what is kept of a reply while its bytes pass. */
export interface ReplyCollector {
  add(bytes: Uint8Array): void;
  /** Null where nothing came. */
  collected(): CollectedText | CollectedNote | null;
}

const TEXT_TYPE = /^(?:text\/|application\/(?:[^;]*\+)?(?:json|xml|x-ndjson|jsonl)\b)/i;

/**
 * @param maxBytes - of what is held
 * @returns a collector of the message that a stream amounts to, of text as it is, or of nothing but
 *   a note of the type where the body is no text
 */
export function createReplyCollector(headers: RawHeaders, maxBytes: number): ReplyCollector {
  const type = headerValue(headers, 'content-type') ?? 'no content-type';
  const coding = codingIn(headers);
  if (coding !== null) return createNote(coding);
  if (isEventStream(headers)) return createStreamCollector(maxBytes);
  return TEXT_TYPE.test(type) ? createTextCollector(maxBytes) : createNote(type);
}

function createStreamCollector(maxBytes: number): ReplyCollector {
  const merger = createMessageMerger(maxBytes);
  const decoder = createSseDecoder(
    {
      onBlock(block) {
        const data = dataIn(block);
        if (data !== null) merger.event(Buffer.from(data, 'latin1').toString());
      },
      onFragment() {
        // A block beyond the bound, or a BOM: nothing that could be merged.
      },
    },
    { maxBlockBytes: maxBytes },
  );
  return {
    add(bytes) {
      decoder.feed(byteString(bytes));
    },
    collected() {
      decoder.end();
      const { message, isCut } = merger;
      return message === null ? null : { text: JSON.stringify(message), isCut };
    },
  };
}

function createTextCollector(maxBytes: number): ReplyCollector {
  // Copied: a small slice would keep the whole buffer alive in which it was received.
  const parts: Buffer[] = [];
  let length = 0;
  let isCut = false;
  return {
    add(bytes) {
      const room = maxBytes - length;
      isCut ||= bytes.byteLength > room;
      if (room <= 0 || bytes.byteLength === 0) return;
      const part = Buffer.from(bytes.subarray(0, room));
      length += part.byteLength;
      parts.push(part);
    },
    collected: () => (length === 0 ? null : { text: Buffer.concat(parts).toString(), isCut }),
  };
}

function createNote(of: string): ReplyCollector {
  let length = 0;
  return {
    add(bytes) {
      length += bytes.byteLength;
    },
    collected: () => (length === 0 ? null : { note: `[${of}: ${String(length)} bytes, not kept]` }),
  };
}
