import { type Exchange } from '../exchange/exchange.js';
import { isJsonType } from '../exchange/media-type.js';
import { isJsonObject } from '../wire/json-value.js';
import { endpointOf } from './endpoint.js';

/**
 * Whether a request has to be read before its backend is chosen. Chat completions always are;
 * other requests only where their JSON decides something or is changed: uploads stream through.
 *
 * @param dependsOnJson - whether a request's JSON decides its backend or is changed.
 */
export function mustBeRead(exchange: Exchange, dependsOnJson: boolean): boolean {
  if (exchange.method !== 'POST' || exchange.body.isEmpty) return false;
  const endpoint = endpointOf(exchange.path);
  switch (endpoint) {
    case 'chat':
      return true;
    case 'inference':
      return dependsOnJson && isJsonType(exchange.header('content-type'));
    case 'other':
      return false;
    default: {
      const unknown: never = endpoint;
      return unknown;
    }
  }
}

/** The model a request's JSON names; null when it names none. */
export function modelNamedIn(body: unknown): string | null {
  const model = isJsonObject(body) ? body.model : null;
  return typeof model === 'string' && model !== '' ? model : null;
}
