import { type ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';

/** Breaks the connection in the middle of a reply's body, so that truncation is visible. */
export function cutVisibly(response: ServerResponse): void {
  const { socket, req } = response;
  // HTTP/1.0 has no chunks: without a length only a reset tells a cut from the end.
  const isDelimited = req.httpVersion !== '1.0' || socket instanceof TLSSocket;
  if (isDelimited) response.destroy();
  else socket?.resetAndDestroy();
}
