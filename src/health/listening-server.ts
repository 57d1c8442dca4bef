import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Server as HttpServer } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import { Server as NetServer, type Socket } from 'node:net';

/**
 * How long connections may take to close once no exchange is left. One on which half a request
 * head has arrived is not idle to Node, so it would be waited for until the head is overdue.
 */
const CLOSE_LIMIT_MS = 1000;

/** The server that listens for clients, as the drain needs it. */
@Injectable()
export class ListeningServer implements OnApplicationBootstrap {
  /** The open ones, kept here since the HTTP server forgets those that its parser has let go of. */
  readonly #connections = new Set<Socket>();

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  onApplicationBootstrap(): void {
    // With TLS both are heard of: the connection before its handshake, and what is read behind it.
    this.#server().on('connection', this.#note).on('secureConnection', this.#note);
  }

  /**
   * Refuses new connections. Open ones stay, also those that are idle, so that a request that is
   * on its way on one of them gets an answer and no reset.
   */
  stopListening(): void {
    // An HTTP server's own close would end idle connections too.
    NetServer.prototype.close.call(this.#server());
  }

  /** Cuts every connection, whatever is on it. */
  cutConnections(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  /** Runs what closes the server, and cuts the connections that are still open after a second. */
  async closingSoon(close: () => Promise<void> | undefined): Promise<void> {
    const limit = setTimeout(() => {
      this.cutConnections();
    }, CLOSE_LIMIT_MS);
    try {
      await close();
    } finally {
      clearTimeout(limit);
    }
  }

  readonly #note = (connection: Socket): void => {
    this.#connections.add(connection);
    connection.once('close', () => this.#connections.delete(connection));
  };

  #server(): HttpServer | HttpsServer {
    const server: unknown = this.adapterHost.httpAdapter.getHttpServer();
    if (server instanceof HttpServer || server instanceof HttpsServer) return server;
    throw new Error('Sluice listens with a server of node:http or node:https');
  }
}
