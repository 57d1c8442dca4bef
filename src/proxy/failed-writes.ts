import { type Socket } from 'node:net';
import { codeOf } from '../errors/error-code.js';

type WriteCallback = (error?: Error | null) => void;

/** What a write or a read ends in when the other side has closed the connection. */
const CLOSED_CODES: ReadonlySet<string | null> = new Set(['EPIPE', 'ECONNRESET']);

/** Whether a connection that stood failed because the other side has closed it. */
export function isClosedByPeer(error: unknown): boolean {
  return CLOSED_CODES.has(codeOf(error));
}

/**
 * A backend may answer before it has the whole request, and close behind its answer (RFC 9112 §9.6).
 * The next piece of the request cannot be written then; Node destroys a socket for that, and with it
 * an answer that nobody has read yet. Instead such a write fails only once all that came was read.
 */
export function readOnWhenWritesFail(socket: Socket): void {
  const writeOne = socket._write.bind(socket);
  socket._write = (chunk, encoding, callback) => {
    writeOne(chunk, encoding, behindTheRest(socket, callback));
  };
  const writeMany = socket._writev?.bind(socket);
  if (writeMany === undefined) return;
  socket._writev = (chunks, callback) => {
    writeMany(chunks, behindTheRest(socket, callback));
  };
}

function behindTheRest(socket: Socket, callback: WriteCallback): WriteCallback {
  return (error) => {
    if (!isClosedByPeer(error) || socket.readableEnded) callback(error);
    else {
      socket.once('end', () => {
        callback(error);
      });
    }
  };
}
