import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type IncomingMessage, METHODS, type RequestListener } from 'node:http';
import { type Socket } from 'node:net';
import { AppModule } from './app.module.js';
import { ConfigStore } from './config/config-store.js';
import { type SluiceConfig } from './config/typed/sluice-config.js';
import { ExchangePipeline } from './exchange/exchange-pipeline.js';
import { DrainState } from './exchange/gates/drain-state.js';
import { RunningReplies } from './exchange/reply/writing/running-replies.js';
import { routedUrl } from './exchange/target/own-paths.js';
import { type ClientError } from './listener/client-error.js';
import { EarlyRefusals } from './listener/early-refusals.js';
import { Entrance } from './listener/entrance.js';
import { createHttpServer, followTls } from './listener/http-server.js';
import { NestLogger } from './logging/nest-logger.js';

/** A Sluice that is ready to listen. */
export interface SluiceServer {
  readonly app: NestFastifyApplication;
  /** Opens the listener of the configuration; gives back its URL. */
  listen(): Promise<string>;
  /** Stops listening, ends connections without a request, and lets go of the backends. */
  close(): Promise<void>;
}

/** Builds the application of a configuration, which is in force until a reload replaces it. */
export async function createServer(config: SluiceConfig): Promise<SluiceServer> {
  const { listen } = config.settings;
  const entrance = new Entrance();
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config),
    createAdapter(config, entrance),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class, and takes plain objects.
    { bodyParser: false, bufferLogs: true, abortOnError: false },
  );
  app.useLogger(app.get(NestLogger));
  followTls(app.getHttpServer(), app.get(ConfigStore));
  const anywhere = { strict: false };
  entrance.open({
    pipeline: app.get(ExchangePipeline, anywhere),
    running: app.get(RunningReplies, anywhere),
    drain: app.get(DrainState, anywhere),
  });
  return {
    app,
    listen: async () => {
      await app.listen(listen.port, listen.host);
      return app.getUrl();
    },
    close: () => app.close(),
  };
}

function createAdapter({ settings }: SluiceConfig, entrance: Entrance): FastifyAdapter {
  const refusals = new EarlyRefusals(entrance, settings.limits);
  const adapter = new FastifyAdapter({
    serverFactory: (router: RequestListener) =>
      createHttpServer(settings, entrance.listener(router)),
    rewriteUrl: ({ url }: IncomingMessage) => routedUrl(url ?? '/'),
    clientErrorHandler: (error: ClientError, socket: Socket) => {
      refusals.refuseBytes(error, socket);
    },
    // RFC 9110 §9.3.2: load balancers and monitors ask by HEAD.
    exposeHeadRoutes: true,
    // Nest's middleware is not used, and its hook would run for every request.
    skipMiddie: true,
  });
  const fastify = adapter.getInstance();
  for (const method of METHODS) {
    if (method === 'CONNECT') continue;
    // To Fastify no method has a body: it would read it, and the exchange reads or streams it.
    fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  }
  fastify.server.on('connect', (request: IncomingMessage, socket: Socket) => {
    refusals.refuseConnect(request, socket);
  });
  return adapter;
}
