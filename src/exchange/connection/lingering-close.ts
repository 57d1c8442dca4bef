import { type Socket } from 'node:net';

/** How long a client may go on sending after its last answer, and keep its side open. */
const LINGER_MS = 2_000;

/**
 * Lets go of a connection on which the last answer was written. What still comes is read and
 * discarded: a connection that is closed with bytes unread is reset, which can take the answer away
 * from its client (RFC 9112 §9.6). After two seconds it is closed whatever its client does.
 */
export function lingerThenClose(socket: Socket): void {
  const cut = setTimeout(() => {
    socket.destroy();
  }, LINGER_MS).unref();
  socket.once('close', () => {
    clearTimeout(cut);
  });
  // After a CONNECT the HTTP server no longer listens for errors of the socket, so that a reset would
  // be an exception that nobody catches.
  socket.on('error', () => {
    socket.destroy();
  });
  socket.resume();
}
