import { type Exchange } from '../exchange/exchange.js';
import { type RequestBody } from '../exchange/request-body.js';
import { isObject } from './spoken.js';

const JSON_TYPE = /^application\/(?:[^;]*\+)?json\s*(?:;|$)/i;

/** What matters here of a legacy completion request. */
export interface LegacyRequest {
  readonly model: string | null;
  readonly isStream: boolean;
}

/**
 * Whether the request of a legacy completion is read although nothing else may need it: it must be
 * known to be JSON of bearable size, for one that cannot be read would be refused.
 */
export function mayReadLegacy(exchange: Exchange, maxBodyBytes: number): boolean {
  const { isEmpty, announcedBytes } = exchange.body;
  if (isEmpty || announcedBytes === null || announcedBytes > maxBodyBytes) return false;
  return JSON_TYPE.test(exchange.header('content-type') ?? '');
}

/**
 * Reads a request that may be anything: what is no JSON is the backend's to refuse.
 *
 * @throws ExchangeError when its body does not come, or is too large
 */
export async function legacyRequestOf(body: RequestBody): Promise<LegacyRequest> {
  await body.read();
  const value = await body.json().catch(() => null);
  if (!isObject(value)) return { model: null, isStream: false };
  const { model, stream } = value;
  return { model: typeof model === 'string' ? model : null, isStream: stream === true };
}
