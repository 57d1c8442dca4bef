import { type IncomingMessage, type ServerResponse } from 'node:http';

/** A request as the HTTP server hands it over. */
export interface Arrival {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** The request target, byte for byte. */
  readonly target: string;
}
