import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Server as HttpServer } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import { Server as NetServer } from 'node:net';

/**
 * How long connections may take to close once no exchange is left. One on which half a request
 * head has arrived is not idle to Node, so it would be waited for until the head is overdue.
 */
const CLOSE_LIMIT_MS = 1000;

/** The server that listens for clients, as the drain needs it. */
@Injectable()
export class ListeningServer {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

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
    this.#server().closeAllConnections();
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

  #server(): HttpServer | HttpsServer {
    const server: unknown = this.adapterHost.httpAdapter.getHttpServer();
    if (server instanceof HttpServer || server instanceof HttpsServer) return server;
    throw new Error('Sluice listens with a server of node:http or node:https');
  }
}
