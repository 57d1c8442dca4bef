import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { CoarseTimeout } from '../exchange/timing/coarse-timeout.js';
import { readOnWhenWritesFail } from './failed-writes.js';
import { UpstreamFailure } from './upstream-failure.js';

/** TCP's own probe of an idle peer, so that one that vanished is noticed. */
const TCP_KEEPALIVE_DELAY_MS = 60_000;

/** What all connections to a backend have in common. */
export interface ConnectorOptions {
  /** PEM text of the certificate authority; null trusts the system's. */
  readonly ca: string | null;
  /** Until the connection, and TLS on it, stands; 0 never gives up. */
  readonly timeoutMs: number;
}

/** Where a connection is to lead, as undici tells it. */
export interface ConnectTarget {
  readonly hostname: string;
  readonly protocol: string;
  readonly port: string;
}

/** `(error, null)` or `(null, socket)`, once. */
export type ConnectCallback = (
  ...outcome: [error: Error, socket: null] | [error: null, socket: Socket]
) => void;

/**
 * Opens a connection.
 *
 * @param onConnecting - told of its socket as soon as that begins to connect
 */
export type Connector = (
  target: ConnectTarget,
  onConnecting: (socket: Socket) => void,
  callback: ConnectCallback,
) => void;

/** Opens connections to one backend; the certificate is always verified. */
export function createConnector({ ca, timeoutMs }: ConnectorOptions): Connector {
  let session: Buffer | undefined;

  function open({ hostname, protocol, port }: ConnectTarget): Socket {
    if (protocol !== 'https:') return connectTcp({ host: hostname, port: Number(port || 80) });
    const socket: TLSSocket = connectTls({
      host: hostname,
      port: Number(port || 443),
      ALPNProtocols: ['http/1.1'],
      // RFC 6066 §3: an address is no server name.
      servername: isIP(hostname) === 0 ? hostname : '',
      ...(ca === null ? {} : { ca }),
      ...(session === undefined ? {} : { session }),
    });
    return socket.on('session', (latest: Buffer) => {
      session = latest;
    });
  }

  return (target, onConnecting, callback) => {
    const socket = open(target);
    const timer =
      timeoutMs === 0
        ? null
        : new CoarseTimeout(timeoutMs, () => {
            socket.destroy(new UpstreamFailure('timeout', { phase: 'connect' }));
          });
    const settle = (...outcome: Parameters<ConnectCallback>): void => {
      timer?.stop();
      socket.off('error', onError);
      callback(...outcome);
    };
    const onError = (error: Error): void => {
      settle(error, null);
    };
    socket.setNoDelay(true).setKeepAlive(true, TCP_KEEPALIVE_DELAY_MS);
    socket.on('error', onError);
    socket.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      readOnWhenWritesFail(socket);
      settle(null, socket);
    });
    onConnecting(socket);
  };
}
