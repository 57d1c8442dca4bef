import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ByteReader, type Ending } from './byte-reader.js';

/** A reply as it came over the wire. */
export interface RawReply {
  readonly statusLine: string;
  readonly status: number;
  /** Header lines in their order and case. */
  readonly headerLines: readonly string[];
  /** With chunked framing removed. Latin-1: one character, one byte. */
  readonly body: string;
}

export interface RawClientOptions {
  /** Whether its own side stays open when the other one has closed; else it closes as well. */
  readonly allowHalfOpen?: boolean;
}

/** A client that sends exactly the bytes it is told to. */
export class RawClient {
  readonly reader: ByteReader;

  private constructor(readonly socket: Socket) {
    this.reader = new ByteReader(socket);
  }

  /** @param url - of the gateway. */
  static async connect(url: string, options: RawClientOptions = {}): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, ...options });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  send(bytes: string | Uint8Array): void {
    if (typeof bytes === 'string') this.socket.write(bytes, 'latin1');
    else this.socket.write(bytes);
  }

  /** Waits for a head and its whole body. */
  async reply(): Promise<RawReply> {
    const head = await this.head();
    // RFC 9112 §6.3: these have none, whatever length they tell.
    const isBodiless = head.status === 204 || head.status === 304;
    return { ...head, body: isBodiless ? '' : await this.#body(head.headerLines) };
  }

  /** Waits for a head alone. */
  async head(): Promise<Omit<RawReply, 'body'>> {
    const text = await this.reader.takeThrough('\r\n\r\n');
    const [statusLine = '', ...headerLines] = text.trimEnd().split('\r\n');
    return { statusLine, status: Number(statusLine.split(' ')[1]), headerLines };
  }

  /** Waits for one chunk of a chunked body; empty for the last. */
  async chunk(): Promise<string> {
    const size = parseInt(await this.reader.takeThrough('\r\n'), 16);
    const chunk = await this.reader.takeBytes(size);
    await this.reader.takeBytes(2);
    return chunk;
  }

  ended(): Promise<Ending> {
    return this.reader.ended();
  }

  /** Leaves like a process that dies: with a reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  close(): void {
    this.socket.destroy();
  }

  async #body(headerLines: readonly string[]): Promise<string> {
    const length = headerIn(headerLines, 'content-length');
    if (length !== null) return this.reader.takeBytes(Number(length));
    if (headerIn(headerLines, 'transfer-encoding') === null) return '';
    let body = '';
    for (;;) {
      const chunk = await this.chunk();
      if (chunk === '') return body;
      body += chunk;
    }
  }
}

/** The value of a header line; null when there is none. */
export function headerIn(headerLines: readonly string[], name: string): string | null {
  const prefix = `${name.toLowerCase()}:`;
  const line = headerLines.find((candidate) => candidate.toLowerCase().startsWith(prefix));
  return line === undefined ? null : line.slice(prefix.length).trim();
}
