import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps, Server as HttpsServer } from 'node:https';
import { type ConfigStore } from '../config/config-store.js';
import { type LimitsConfig, type SettingsConfig } from '../config/typed/settings-config.js';

/**
 * Room for a reply that a client has not taken yet. A stream that meets the default of 16 KB pauses
 * its backend for nothing.
 */
const WRITE_BUFFER_BYTES = 262_144;

/** Longer than load balancers keep theirs, so that it is they who close an idle connection. */
const IDLE_CONNECTION_MS = 75_000;

/** How often heads that are overdue are looked for, at most and at least. */
const HEAD_CHECK_MS = { min: 50, max: 1_000 } as const;

/** The HTTP/1.1 listener, with every limit of its own. */
export function createHttpServer(
  { limits, tls }: Pick<SettingsConfig, 'limits' | 'tls'>,
  onRequest: RequestListener,
): Server {
  const options = serverOptions(limits);
  const server =
    tls === null
      ? createHttp(options, onRequest)
      : createHttps({ ...options, cert: tls.cert, key: tls.key.reveal() }, onRequest);
  // The body says when it is wanted, and other expectations may be ignored (RFC 9110 §10.1.1).
  server.on('checkContinue', onRequest).on('checkExpectation', onRequest);
  return server;
}

/** New connections get the certificate that is in force; running ones keep theirs. */
export function followTls(server: unknown, config: ConfigStore): void {
  if (!(server instanceof HttpsServer)) return;
  config.onSwap(({ settings: { tls } }, { settings: { tls: before } }) => {
    if (tls === null || tls === before) return;
    server.setSecureContext({ cert: tls.cert, key: tls.key.reveal() });
  });
}

function serverOptions({ maxHeaderBytes, requestMs }: LimitsConfig) {
  return {
    highWaterMark: WRITE_BUFFER_BYTES,
    insecureHTTPParser: false,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    maxHeaderSize: maxHeaderBytes,
    noDelay: true,
    // A guard answers in our own shape.
    requireHostHeader: false,
    headersTimeout: requestMs,
    // A body may take any time as long as it moves; whoever reads it minds its stalls.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(
      HEAD_CHECK_MS.max,
      Math.max(HEAD_CHECK_MS.min, requestMs / 4),
    ),
  };
}
