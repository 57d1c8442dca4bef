import { httpChunk, LAST_CHUNK, STREAM_HEAD, tokenEvent } from '../upstream-replies.mjs';

const EVENTS_PER_WRITE = 256;
const EVENTS = tokenEvent(' word').repeat(EVENTS_PER_WRITE);
const WRITE = Buffer.from(httpChunk(EVENTS));

/** Bytes of a flood's body, once the chunk framing is off: whole writes. @param {number} bytes */
export function floodBodyBytes(bytes) {
  return Math.ceil(bytes / EVENTS.length) * EVENTS.length;
}

/**
 * Sends an event stream as fast as the other side reads.
 * @param {import('node:net').Socket} socket
 * @param {{ bytes: number }} size at least so many bytes of body
 * @returns {{ progress: () => { takenBytes: number, isPaused: boolean } }} what the other side's
 *   kernel and ours have taken, and whether we wait for room
 */
export function floodInto(socket, { bytes }) {
  let writesLeft = Math.ceil(bytes / EVENTS.length);
  const before = socket.bytesWritten;
  const pour = () => {
    while (writesLeft > 0) {
      writesLeft -= 1;
      if (!socket.write(WRITE)) return;
    }
    socket.off('drain', pour);
    socket.write(LAST_CHUNK);
  };
  socket.on('drain', pour);
  socket.write(STREAM_HEAD);
  pour();
  return {
    progress: () => ({
      takenBytes: socket.bytesWritten - socket.writableLength - before,
      isPaused: socket.writableNeedDrain,
    }),
  };
}
