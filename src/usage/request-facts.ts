import { type Endpoint } from '../exchange/endpoint.js';
import { type Exchange } from '../exchange/exchange.js';
import { isJsonType } from '../exchange/media-type.js';
import { modelNamedIn } from '../exchange/request/requested-model.js';
import { isJsonObject } from '../wire/json-value.js';

/**
 * Whether a request is read although nothing else may need it. It must be known to be JSON of
 * bearable size, for one that cannot be read would be refused; chats were read before.
 */
export function mayReadRequest(
  exchange: Exchange,
  endpoint: Endpoint,
  maxBodyBytes: number,
): boolean {
  if (endpoint === 'chat') return false;
  if (!exchange.body.isAnnouncedWithin(maxBodyBytes)) return false;
  return isJsonType(exchange.header('content-type'));
}

/**
 * Reads a request that may be anything, and notes its model and whether it asks for a stream. What
 * is no JSON is the backend's to refuse.
 *
 * @throws ExchangeError when its body does not come, or is too large
 */
export async function noteRequest({ body, facts }: Exchange): Promise<void> {
  await body.read();
  const value = await body.json().catch(() => null);
  if (!isJsonObject(value)) return;
  facts.requestedModel ??= modelNamedIn(value);
  facts.stream = value.stream === true;
}
