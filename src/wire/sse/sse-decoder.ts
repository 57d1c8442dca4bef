import { behindBom, BOM } from '../byte-order-mark.js';
import { LF } from '../line-ends.js';

/**
 * Cuts an event stream into blocks: an event with the comments and unknown lines around it, up to
 * and including the blank line that ends it. Works on byte strings (see `byte-text.ts`) and loses
 * nothing: the blocks and fragments concatenate to the stream.
 *
 * Source: WHATWG HTML §9.2.5 and §9.2.6 (lines end in LF, CR or CRLF; one BOM may come first).
 */
export interface SseDecoder {
  /** Takes bytes cut anywhere and calls the listener for each block that they complete. */
  feed(bytes: string): void;
  /**
   * Whether the stream stands between two blocks and nothing is held, so that whole blocks may pass
   * by the decoder.
   */
  isBetweenBlocks(): boolean;
  /** The stream is over: what has no blank line behind it comes as a block of its own. */
  end(): void;
}

/** Gets what a decoder has cut. */
export interface SseListener {
  /** A whole block. One without any line but blank ones carries no event. */
  onBlock(block: string): void;
  /** Bytes of a block that is longer than the bound, or the BOM: to be passed on unread. */
  onFragment(bytes: string): void;
}

/** The bound of what a decoder holds. */
export interface SseDecoderOptions {
  /** Most bytes of a block that are held to see its end; a longer one comes in fragments. */
  readonly maxBlockBytes?: number;
}

/** Default of {@link SseDecoderOptions.maxBlockBytes}: 4 MiB, an image in base64 has room. */
export const MAX_BLOCK_BYTES = 4 * 1024 * 1024;

/** A decoder of one stream. */
export function createSseDecoder(
  listener: SseListener,
  { maxBlockBytes = MAX_BLOCK_BYTES }: SseDecoderOptions = {},
): SseDecoder {
  // Bytes of the block that earlier chunks began. Joined once, at its end: joining them for each
  // chunk would cost O(n²) for a block that spans many.
  let parts: string[] = [];
  let partsLength = 0;
  let isFragmented = false;
  let isLineEmpty = true;
  let isBehindCr = false;
  let unreadBom: string | null = '';

  function complete(rest: string): void {
    if (isFragmented) {
      listener.onFragment(rest);
    } else if (parts.length === 0) {
      listener.onBlock(rest);
    } else {
      parts.push(rest);
      listener.onBlock(parts.join(''));
    }
    parts = [];
    partsLength = 0;
    isFragmented = false;
  }

  function hold(rest: string): void {
    if (rest === '') return;
    partsLength += rest.length;
    if (isFragmented) {
      listener.onFragment(rest);
    } else if (partsLength <= maxBlockBytes) {
      parts.push(rest);
    } else {
      listener.onFragment(parts.join('') + rest);
      parts = [];
      isFragmented = true;
    }
  }

  function read(bytes: string): void {
    let blockStart = 0;
    let lineStart = 0;
    let nextLf = bytes.indexOf('\n');
    let nextCr = bytes.indexOf('\r');
    if (isBehindCr && bytes !== '') {
      isBehindCr = false;
      // The second half of a CRLF that was cut: no line of its own.
      if (nextLf === 0) {
        lineStart = 1;
        nextLf = bytes.indexOf('\n', 1);
      }
    }
    while (nextLf !== -1 || nextCr !== -1) {
      const isCr = nextCr !== -1 && (nextLf === -1 || nextCr < nextLf);
      const lineEnd = isCr ? nextCr : nextLf;
      let next = lineEnd + 1;
      if (isCr) {
        if (bytes.charCodeAt(next) === LF) next++;
        else if (next === bytes.length) isBehindCr = true;
        nextCr = bytes.indexOf('\r', next);
      }
      if (nextLf !== -1 && nextLf < next) nextLf = bytes.indexOf('\n', next);
      const isBlank = lineEnd === lineStart && isLineEmpty;
      isLineEmpty = true;
      lineStart = next;
      if (isBlank) {
        complete(bytes.slice(blockStart, next));
        blockStart = next;
      }
    }
    if (lineStart < bytes.length) isLineEmpty = false;
    hold(bytes.slice(blockStart));
  }

  /** Keeps the bytes of a BOM at the start of the stream out of the first line. */
  function readBom(bytes: string): void {
    const begun = `${unreadBom ?? ''}${bytes}`;
    if (begun.length < BOM.length && BOM.startsWith(begun)) {
      unreadBom = begun;
      return;
    }
    unreadBom = null;
    if (begun.startsWith(BOM)) listener.onFragment(BOM);
    read(behindBom(begun));
  }

  return {
    feed(bytes) {
      if (unreadBom === null) read(bytes);
      else readBom(bytes);
    },
    isBetweenBlocks: () =>
      partsLength === 0 && isLineEmpty && !isBehindCr && !isFragmented && unreadBom === null,
    end() {
      const rest = unreadBom ?? '';
      unreadBom = null;
      if (rest !== '') read(rest);
      if (partsLength > 0) complete('');
    },
  };
}
