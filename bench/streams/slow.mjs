import { httpChunk, LAST_CHUNK, STREAM_HEAD, tokenEvent } from '../upstream-replies.mjs';

const STAMP_DIGITS = 20;
const STAMP = new RegExp(`@(\\d{${STAMP_DIGITS}})`, 'g');

// The monotonic clock of the machine is the same in every process.
const stampedEvent = () =>
  tokenEvent(`@${process.hrtime.bigint().toString().padStart(STAMP_DIGITS, '0')}`);

/** Bytes of a slow stream's body, once the chunk framing is off. @param {number} events */
export function slowBodyBytes(events) {
  return events * stampedEvent().length;
}

/**
 * Sends events that each carry the time they were written; the first comes with the head.
 * @param {import('node:net').Socket} socket
 * @param {{ events: number, intervalMs: number }} pace
 */
export function streamSlowly(socket, { events, intervalMs }) {
  socket.write(STREAM_HEAD + httpChunk(stampedEvent()));
  let sent = 1;
  const timer = setInterval(() => {
    sent += 1;
    const ends = sent >= events;
    socket.write(httpChunk(stampedEvent()) + (ends ? LAST_CHUNK : ''));
    if (ends) stop();
  }, intervalMs);
  const stop = () => {
    clearInterval(timer);
    socket.off('close', stop);
  };
  socket.once('close', stop);
}

/**
 * How long the events in a piece of a slow stream were under way.
 * @param {string} text
 * @returns {number[]} milliseconds
 */
export function delaysMsIn(text) {
  const now = process.hrtime.bigint();
  return Array.from(text.matchAll(STAMP), ([, stamp]) => Number(now - BigInt(stamp)) / 1e6);
}
