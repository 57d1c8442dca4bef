import { type ServerResponse } from 'node:http';
import { type StreamEnd } from './stream-end.js';

/**
 * Whether the client got all of a reply whose connection is closed. Clients leave at a stream's last
 * event, which may be some time before the backend ends the stream. What the system still had to
 * send then counts as received: nobody can tell.
 *
 * @param streamEnd - null for a reply that is no event stream
 */
export function wasReceivedWhole(response: ServerResponse, streamEnd: StreamEnd | null): boolean {
  if (response.writableFinished) return true;
  // A reply in line behind another one of its connection never had the socket.
  if (response.socket === null || response.listenerCount('drain') > 0) return false;
  return streamEnd?.isReached === true;
}
