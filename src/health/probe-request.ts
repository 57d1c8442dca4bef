import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type BackendConfig } from '../config/backend-config.js';

/** Longest wait for a backend's answer, whatever the interval. */
const MAX_TIMEOUT_MS = 5000;

/** How a backend is asked whether it is there. */
export interface ProbeRequest {
  readonly url: string;
  readonly timeoutMs: number;
  readonly options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly httpAgent: HttpAgent;
    readonly httpsAgent: HttpsAgent;
    readonly maxRedirects: 0;
    readonly proxy: false;
    readonly responseType: 'stream';
    readonly validateStatus: (status: number) => boolean;
  };
}

/**
 * Builds the probe of a backend: GET on its health path with the credentials that its requests
 * carry, in at most five seconds or the interval, whichever is less.
 */
export function probeRequest(backend: BackendConfig): ProbeRequest {
  const { ca, health } = backend;
  return {
    url: backend.origin + backend.basePath + health.path,
    timeoutMs: Math.min(health.intervalMs, MAX_TIMEOUT_MS),
    options: {
      headers: headersOf(backend),
      // A connection for each probe: it shall show that one can be made.
      httpAgent: new HttpAgent({ keepAlive: false }),
      httpsAgent: new HttpsAgent({ keepAlive: false, ...(ca === null ? {} : { ca }) }),
      // The data path goes neither through a proxy nor after a redirect, so the probe must not.
      maxRedirects: 0,
      proxy: false,
      // The status says it all; a list of models may be long, so its body is not read.
      responseType: 'stream',
      validateStatus: isReachable,
    },
  };
}

/**
 * Whether a status shows a backend that can answer. It may want a key that only clients have
 * (401, 403), know no such path (404, 405) or be busy (429): all of that is an answer.
 */
export function isReachable(status: number): boolean {
  return status < 500;
}

function headersOf({ apiKey, headers }: BackendConfig): Record<string, string> {
  return {
    accept: 'application/json',
    ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey.reveal()}` }),
    ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value.reveal()])),
  };
}
