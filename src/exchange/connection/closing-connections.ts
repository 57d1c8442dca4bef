import { type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { lingerThenClose } from './lingering-close.js';

const closing = new WeakSet<Socket>();

/** Notes that a connection closes with the reply that is about to be sent, or under way. */
export function noteClosing(connection: Socket): void {
  if (closing.has(connection)) return;
  closing.add(connection);
  // The HTTP server calls it to close a connection behind its last reply, though the client may still
  // be sending.
  connection.destroySoon = () => {
    connection.end();
    lingerThenClose(connection);
  };
}

/** Closes the connection of a response behind it, whose head has left without saying so. */
export function closeBehind(response: ServerResponse): void {
  response.once('finish', () => {
    response.req.socket.destroySoon();
  });
}

/**
 * Whether a connection closes with a reply under way. What has come behind that request must not be
 * processed (RFC 9112 §9.6): where its framing was in doubt, it may be the body of the request.
 */
export function isClosing(connection: Socket): boolean {
  return closing.has(connection);
}
