import { isJsonObject } from '../../wire/json/json-value.js';

/** The model a request's JSON names; null when it names none. */
export function modelNamedIn(body: unknown): string | null {
  const model = isJsonObject(body) ? body.model : null;
  return typeof model === 'string' && model !== '' ? model : null;
}
