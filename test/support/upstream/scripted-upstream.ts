import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { DISCOVERY_AGENT } from '../../../src/backends/models/model-listing.js';
import { ByteReader } from '../client/byte-reader.js';
import { headerIn } from '../client/raw-client.js';

/** Where tests let backends be probed, so that scripts are not disturbed. */
export const PROBE_PATH = '/probe-of-the-test';

/** A request as it came over the wire, up to the end of its head. */
export interface UpstreamRequestSeen {
  readonly requestLine: string;
  readonly method: string;
  readonly target: string;
  readonly headerLines: readonly string[];
  header(name: string): string | null;
}

/** One request at the scripted upstream, and the means to answer it, byte by byte. */
export class UpstreamTurn {
  #body: Promise<string> | null = null;

  constructor(
    readonly request: UpstreamRequestSeen,
    readonly socket: Socket,
    readonly reader: ByteReader,
  ) {}

  /** Waits for the whole body, by its length or its chunks. Latin-1. */
  body(): Promise<string> {
    this.#body ??= this.#readBody();
    return this.#body;
  }

  async #readBody(): Promise<string> {
    const length = this.request.header('content-length');
    if (length !== null) return this.reader.takeBytes(Number(length));
    if (this.request.header('transfer-encoding') === null) return '';
    let body = '';
    for (;;) {
      const size = parseInt(await this.reader.takeThrough('\r\n'), 16);
      body += await this.reader.takeBytes(size);
      await this.reader.takeBytes(2);
      if (size === 0) return body;
    }
  }

  /** Writes raw bytes of a reply. Resolves when the socket wants more. */
  async write(bytes: string | Uint8Array): Promise<void> {
    const isRoomLeft =
      typeof bytes === 'string' ? this.socket.write(bytes, 'latin1') : this.socket.write(bytes);
    if (!isRoomLeft) await once(this.socket, 'drain');
  }

  /** A whole JSON reply. */
  async json(body: string, { status = '200 OK', headers = '' } = {}): Promise<void> {
    await this.body();
    const length = Buffer.byteLength(body);
    await this.write(
      Buffer.from(
        `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${headers}\r\n${body}`,
      ),
    );
  }

  /** The head of an event stream in chunks. */
  async beginStream(contentType = 'text/event-stream'): Promise<void> {
    await this.body();
    await this.write(
      `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
  }

  async chunk(bytes: string | Uint8Array): Promise<void> {
    const chunk = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    await this.write(
      Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
    );
  }

  async endStream(): Promise<void> {
    await this.write('0\r\n\r\n');
  }

  /** Resolves when the other side has closed or reset the connection. */
  closed(): Promise<unknown> {
    return this.reader.ended();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }
}

/** What the upstream does with each request. */
export type UpstreamScript = (turn: UpstreamTurn) => Promise<void> | void;

export interface ScriptedUpstream {
  /** Origin, without a path. */
  readonly url: string;
  readonly port: number;
  /** Every request so far. */
  readonly requests: readonly UpstreamRequestSeen[];
  /** Connections that brought a request so far. */
  readonly connections: number;
  /** Models it has when the gateway asks in the background, which no script notices; none at first. */
  list(...ids: readonly string[]): void;
  /** The same, decided for each time it is asked: null refuses (401). */
  listBy(listing: Listing): void;
  /** The next turns get another script. */
  become(script: UpstreamScript): void;
  close(): Promise<void>;
}

/** Which models the upstream lists to whoever asks. */
export type Listing = (request: UpstreamRequestSeen) => Promise<readonly string[] | null>;

export interface UpstreamTls {
  readonly cert: string;
  readonly key: string;
}

/** A server of raw HTTP/1.1 that does what its script says, on a free port unless one is named. */
export async function startUpstream(
  script: UpstreamScript,
  { tls, port: wantedPort = 0 }: { readonly tls?: UpstreamTls; readonly port?: number } = {},
): Promise<ScriptedUpstream> {
  let current = script;
  let connections = 0;
  let listing: Listing = () => Promise.resolve([]);
  const requests: UpstreamRequestSeen[] = [];
  const sockets = new Set<Socket>();

  const serve = async (socket: Socket): Promise<void> => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    const reader = new ByteReader(socket);
    let served = 0;
    for (;;) {
      const request = await nextRequest(reader);
      if (request === null) return;
      if (request.target.endsWith(PROBE_PATH)) {
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return;
      }
      if (request.header('user-agent') === DISCOVERY_AGENT) {
        socket.end(listReply(await listing(request)));
        return;
      }
      if (served++ === 0) connections++;
      requests.push(request);
      await current(new UpstreamTurn(request, socket, reader));
    }
  };
  const onConnection = (socket: Socket): void => {
    // A script is cut short when its connection goes away, which is what many tests are about.
    serve(socket).catch(() => socket.destroy());
  };
  const server: Server =
    tls === undefined ? createServer(onConnection) : createTlsServer(tls, onConnection);
  server.listen(wantedPort, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;

  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    list: (...ids) => {
      listing = () => Promise.resolve(ids);
    },
    listBy: (next) => {
      listing = next;
    },
    become: (next) => {
      current = next;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listReply(ids: readonly string[] | null): string {
  if (ids === null) {
    return 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
  }
  const body = JSON.stringify({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) });
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
}

async function nextRequest(reader: ByteReader): Promise<UpstreamRequestSeen | null> {
  const head = await reader.takeThrough('\r\n\r\n').catch(() => null);
  if (head === null) return null;
  const [requestLine = '', ...headerLines] = head.trimEnd().split('\r\n');
  const [method = '', target = ''] = requestLine.split(' ');
  return {
    requestLine,
    method,
    target,
    headerLines,
    header: (name) => headerIn(headerLines, name),
  };
}
