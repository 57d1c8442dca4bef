import { WithoutBom } from '../byte-order-mark.js';
import { CR, LF } from '../line-ends.js';
import { COLON } from './sse-syntax.js';

const DATA = Buffer.from('data');

/** Looks for the first data event in the chunks of a stream. */
export interface FirstDataEvent {
  /** @returns whether it has begun, in this chunk or before. */
  feed(chunk: Uint8Array): boolean;
}

/**
 * Finds the first line of an event stream whose field is `data` (WHATWG HTML §9.2.6), however the
 * stream is cut. Comments and other fields do not count.
 */
export function createFirstDataEvent(): FirstDataEvent {
  // Bytes of `data` the line began with; -1 when it is some other line.
  let matched = 0;
  let wasFound = false;
  const mark = new WithoutBom();

  function isFound(byte: number): boolean {
    const isLineEnd = byte === LF || byte === CR;
    if (matched === DATA.length && (isLineEnd || byte === COLON)) return true;
    if (isLineEnd) matched = 0;
    else if (matched >= 0) matched = byte === DATA[matched] ? matched + 1 : -1;
    return false;
  }

  return {
    feed(chunk) {
      wasFound ||= mark.feed(chunk).some(isFound);
      return wasFound;
    },
  };
}
