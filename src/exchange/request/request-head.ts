import { type IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { parseRequestTarget } from '../target/request-target.js';

/** Everything of a request but its body, as the client sent it. */
export class RequestHead {
  readonly method: string;
  /** The request target, byte for byte. */
  readonly target: string;
  /** Its path, without query; `/` where the target names none. */
  readonly path: string;
  /** Its query with the `?`; empty without one. Opaque. */
  readonly query: string;
  /** Name, value, name, value …, in the order and case they came in. */
  readonly rawHeaders: readonly string[];
  readonly remoteAddress: string;
  readonly scheme: 'http' | 'https';
  readonly #incoming: IncomingMessage;

  constructor(incoming: IncomingMessage, target: string) {
    const { path, query } = parseRequestTarget(target) ?? { path: '/', query: '' };
    this.method = incoming.method ?? 'GET';
    this.target = target;
    this.path = path;
    this.query = query;
    this.rawHeaders = incoming.rawHeaders;
    this.remoteAddress = incoming.socket.remoteAddress ?? '';
    this.scheme = incoming.socket instanceof TLSSocket ? 'https' : 'http';
    this.#incoming = incoming;
  }

  /** @param name - in lower case. */
  header(name: string): string | null {
    const value = this.#incoming.headers[name];
    if (value === undefined) return null;
    return typeof value === 'string' ? value : value.join(', ');
  }
}
