import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Socket } from 'node:net';
import { type Readable } from 'node:stream';
import { Client, type Dispatcher, errors, Pool } from 'undici';
import { ConfigStore } from '../config/config-store.js';
import { type BackendConfig } from '../config/typed/backend-config.js';
import { type UpstreamFlow } from '../exchange/reply/upstream-flow.js';
import { type ConnectionPlace, DispatchedCall } from './dispatched-call.js';
import { isClosedByPeer } from './failed-writes.js';
import { InterimReplies } from './interim-replies.js';
import { type Connector, createConnector } from './upstream-connector.js';

/** Most bytes of a reply's head: a backend's is trusted further than a client's. */
const MAX_REPLY_HEAD_BYTES = 262_144;

/** A request as it leaves for a backend. */
export interface UpstreamRequest {
  readonly method: string;
  /** Origin form. */
  readonly path: string;
  /** Name, value, name, value …, without `Host`. */
  readonly headers: readonly string[];
  readonly body: Buffer | Readable | null;
}

/** Told what becomes of a request, in this order; after `onEnd` or `onError` nothing follows. */
export interface UpstreamListener {
  /** The connection stands and the request's first byte is about to leave. */
  onStart(): void;
  /** Its last byte has left. */
  onSent(): void;
  onHead(status: number, headers: readonly string[]): void;
  onChunk(chunk: Uint8Array): void;
  onEnd(): void;
  onError(error: unknown): void;
}

/** A request under way. */
export interface UpstreamCall extends Omit<UpstreamFlow, 'fail'> {
  /** Whether it went out on a connection that had served before. */
  readonly isReused: boolean;
}

/** Speaks HTTP/1.1 to the backends, over connections that are kept alive. */
@Injectable()
export class UpstreamClient implements OnApplicationShutdown {
  readonly #pools = new Map<BackendConfig, Pool>();
  /** Of backends that are no longer configured, until their last request has ended. */
  readonly #leaving = new Set<Pool>();

  constructor(private readonly config: ConfigStore) {
    config.onSwap(() => {
      for (const [backend, pool] of this.#pools) {
        if (!this.#isConfigured(backend)) this.#retire(backend, pool);
      }
    });
  }

  /** Sends one request. Cancelling the call ends it without another word to the listener. */
  send(backend: BackendConfig, request: UpstreamRequest, listener: UpstreamListener): UpstreamCall {
    const call = new DispatchedCall(listener);
    const { method, path, body } = request;
    const headers = [...request.headers];
    try {
      this.#poolOf(backend).dispatch({ method, path, headers, body }, call);
    } catch (error) {
      listener.onError(error);
    }
    return call;
  }

  /** After the listener has closed: no exchange needs a connection any more. */
  async onApplicationShutdown(): Promise<void> {
    const pools = [...this.#pools.values(), ...this.#leaving];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #poolOf(backend: BackendConfig): Pool {
    const known = this.#pools.get(backend);
    if (known !== undefined) return known;
    const connect = createConnector({ ca: backend.ca, timeoutMs: backend.timeouts.connectMs });
    const pool = new Pool(backend.origin, {
      factory: (origin, options) => new Connection(origin, options, connect),
      // A stream holds its connection, so the number of connections has no limit of its own.
      connections: null,
      pipelining: 1,
      allowH2: false,
      // Phases are timed by the attempt, which knows when the client is what everything waits for.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MAX_REPLY_HEAD_BYTES,
    });
    this.#pools.set(backend, pool);
    // A request that began before a reload may be repeated after it: a pool for that one alone.
    if (!this.#isConfigured(backend))
      queueMicrotask(() => {
        this.#retire(backend, pool);
      });
    return pool;
  }

  #isConfigured(backend: BackendConfig): boolean {
    const { backends, fallbackBackends } = this.config.current;
    return backends.includes(backend) || fallbackBackends.includes(backend);
  }

  /** Takes no more requests, and closes when those that it has are over. */
  #retire(backend: BackendConfig, pool: Pool): void {
    this.#pools.delete(backend);
    this.#leaving.add(pool);
    const isGone = (): void => {
      this.#leaving.delete(pool);
    };
    // It fails when the application ends before: then it is destroyed.
    pool.close().then(isGone, isGone);
  }
}

/** One connection of a pool, which serves one call at a time and knows for which it is being made. */
class Connection extends Client implements ConnectionPlace {
  waiting: DispatchedCall | null = null;
  #interim: InterimReplies | null = null;

  /** @param connect - that of all connections to the backend: they share a TLS session */
  constructor(origin: URL, options: Client.Options, connect: Connector) {
    super(origin, {
      ...options,
      connect: (target, callback) => {
        connect(target, this.#onConnecting, callback);
      },
    });
  }

  expectReply(): void {
    this.#interim?.expectReply();
  }

  /**
   * Notes for which call the connection is going to be opened: within this, or, for a body that streams,
   * at the end of the tick.
   */
  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
    if (handler instanceof DispatchedCall) handler.waitAt(this);
    return super.dispatch(options, handler);
  }

  readonly #onConnecting = (socket: Socket): void => {
    this.#interim = new InterimReplies(socket);
    this.waiting?.connectingOn(socket);
    this.#keepWaitingCalls(socket);
  };

  /**
   * A call that is about to leave on a connection kept alive takes a new one when that is closed just
   * then. Where it is reset undici would fail the call, though not a byte of it was sent.
   */
  #keepWaitingCalls(socket: Socket): void {
    const destroy = socket._destroy.bind(socket);
    socket._destroy = (error, callback) => {
      const isIdle = this.waiting !== null && !this.waiting.isConnecting;
      const isReset = isIdle && error !== null && isClosedByPeer(error);
      destroy(isReset ? new errors.SocketError('reset while idle') : error, callback);
    };
  }
}
