import { type Exchange } from '../exchange/exchange.js';
import { isJsonType } from '../exchange/media-type.js';
import { modelCallAt } from '../exchange/target/model-call.js';

const REPEATABLE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request does no harm when it is carried out twice. */
export function isRepeatable(method: string, path: string): boolean {
  if (REPEATABLE_METHODS.has(method)) return true;
  return method === 'POST' && modelCallAt(path)?.isRepeatable === true;
}

/**
 * Whether a request has to be read before its backend is chosen. Chat completions always are;
 * other requests only where their JSON decides something or is changed: uploads stream through.
 *
 * @param dependsOnJson - whether a request's JSON decides its backend or is changed.
 */
export function mustBeRead(exchange: Exchange, dependsOnJson: boolean): boolean {
  if (exchange.method !== 'POST' || exchange.body.isEmpty) return false;
  const call = modelCallAt(exchange.path);
  if (call === null) return false;
  if (call.completion === 'chat') return true;
  return dependsOnJson && isJsonType(exchange.header('content-type'));
}
