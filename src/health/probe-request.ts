import {
  controlHeaders,
  controlOptions,
  type ControlRequestOptions,
  controlTimeoutMs,
  type LowerCaseHeaders,
} from '../backends/control-request.js';
import { type BackendConfig } from '../config/typed/backend-config.js';

/** How a backend is asked whether it is there. */
export interface ProbeRequest {
  readonly url: string;
  readonly timeoutMs: number;
  readonly options: ControlRequestOptions & {
    readonly headers: LowerCaseHeaders;
    readonly responseType: 'stream';
    readonly validateStatus: (status: number) => boolean;
  };
}

/**
 * Builds the probe of a backend: GET on its health path with the credentials that its requests
 * carry, in at most five seconds or the interval, whichever is less.
 */
export function probeRequest(backend: BackendConfig): ProbeRequest {
  return {
    url: backend.origin + backend.basePath + backend.health.path,
    timeoutMs: controlTimeoutMs(backend),
    options: {
      ...controlOptions(backend),
      headers: controlHeaders(backend),
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
