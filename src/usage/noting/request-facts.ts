import { type Exchange } from '../../exchange/exchange.js';
import { isJsonType } from '../../exchange/media-type.js';
import { modelNamedIn } from '../../exchange/request/requested-model.js';
import { type Endpoint } from '../../exchange/target/endpoint.js';
import { isJsonObject } from '../../wire/json/json-value.js';

/**
 * Whether a request is read although nothing else may need it: it must be JSON, and not known to be
 * larger than what is read. Chats were read before.
 */
export function mayReadRequest(
  exchange: Exchange,
  endpoint: Endpoint,
  maxBodyBytes: number,
): boolean {
  if (endpoint === 'chat') return false;
  const { isEmpty, announcedBytes } = exchange.body;
  if (isEmpty || (announcedBytes ?? 0) > maxBodyBytes) return false;
  return isJsonType(exchange.header('content-type'));
}

/**
 * Reads a request that may be anything, and notes its model and whether it asks for a stream. What
 * is no JSON is the backend's to refuse, and what turns out to be too large streams to it.
 *
 * @throws ExchangeError when its body does not come
 */
export async function noteRequest({ body, facts }: Exchange): Promise<void> {
  if ((await body.readUnlessTooLarge()) === null) return;
  const value = await body.json().catch(() => null);
  if (!isJsonObject(value)) return;
  facts.requestedModel ??= modelNamedIn(value);
  facts.stream = value.stream === true;
}
