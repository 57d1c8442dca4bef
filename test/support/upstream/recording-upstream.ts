import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { PROBE_PATH } from './scripted-upstream.js';
import { readStrictly, type StrictRequest } from './strict-http.js';

/** A backend that believes nothing: it reads every byte by the letter of RFC 9112. */
export interface RecordingUpstream {
  readonly url: string;
  readonly port: number;
  /** Whole requests since the last {@link take}, in the order in which they were whole. */
  readonly requests: readonly StrictRequest[];
  /** Everything that was no proper request, ever; stays empty as long as the gateway is sound. */
  readonly faults: string[];
  /** Gives back the requests so far and forgets them. */
  take(): readonly StrictRequest[];
  close(): Promise<void>;
}

/**
 * Starts one on a free port. It answers each whole request with its method and target, so that a
 * client can tell the answer to its own request from another's.
 */
export async function startRecorder(): Promise<RecordingUpstream> {
  let requests: StrictRequest[] = [];
  const faults: string[] = [];
  const sockets = new Set<Socket>();

  const serve = (socket: Socket): void => {
    let unread = '';
    sockets.add(socket);
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.on('data', (text: string) => {
      const reading = readStrictly(unread + text);
      unread = reading.rest;
      for (const request of reading.requests) {
        if (!request.target.endsWith(PROBE_PATH)) requests.push(request);
        const body = `${request.method} ${request.target}`;
        const length = `Content-Length: ${body.length}`;
        const sent = request.method === 'HEAD' ? '' : body;
        socket.write(`HTTP/1.1 200 OK\r\n${length}\r\n\r\n${sent}`, 'latin1');
      }
      if (reading.fault === null) return;
      faults.push(reading.fault);
      socket.destroy();
    });
  };
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get requests() {
      return requests;
    },
    faults,
    take: () => {
      const taken = requests;
      requests = [];
      return taken;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
