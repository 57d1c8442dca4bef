import { isJsonObject } from '../wire/json-value.js';

/** A model as a backend lists it: an object with an `id`, whatever else it says. */
export type ListedModel = Readonly<Record<string, unknown>> & { readonly id: string };

/** Most models taken from one list. */
const MAX_MODELS = 10_000;

/**
 * Reads what a backend answers to `GET /models`: the OpenAI shape, `{"data":[{"id":…}]}`.
 *
 * @returns null for what is no list; entries without an id are left out, and those past 10,000.
 */
export function listedModels(answer: unknown): readonly ListedModel[] | null {
  if (!isJsonObject(answer) || !Array.isArray(answer.data)) return null;
  return answer.data.filter(isListed).slice(0, MAX_MODELS);
}

function isListed(entry: unknown): entry is ListedModel {
  return isJsonObject(entry) && typeof entry.id === 'string' && entry.id !== '';
}
