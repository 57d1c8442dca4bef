import { type HttpService } from '@nestjs/axios';
import { lastValueFrom } from 'rxjs';
import { type BackendConfig } from '../../config/typed/backend-config.js';
import { holdsClientKey } from '../../exchange/request/client-key-fields.js';
import { isJsonObject } from '../../wire/json/json-value.js';
import {
  controlHeaders,
  controlOptions,
  controlTimeoutMs,
  type LowerCaseHeaders,
} from '../control-request.js';

/** Some thousand models with all that is said of them. */
const MAX_BYTES = 4_194_304;
/** Most models taken from one list. */
const MAX_MODELS = 10_000;

/** By which a server tells discovery from its clients' requests. */
export const DISCOVERY_AGENT = 'sluice-discovery';

/** A model as a backend lists it: an object with an `id`, whatever else it says. */
export type ListedModel = Readonly<Record<string, unknown>> & { readonly id: string };

/** What a backend says of its models; `refused`: nothing without a key, or not with this one. */
export type ModelListing =
  | { readonly kind: 'listed'; readonly models: readonly ListedModel[] }
  | { readonly kind: 'refused' }
  | { readonly kind: 'silent' };

const SILENT: ModelListing = { kind: 'silent' };

/**
 * Asks a backend which models it has, in at most five seconds or the interval of its probes.
 *
 * @param credentials - of a client; what the backend's configuration says goes before them.
 */
export async function askForModels(
  http: HttpService,
  backend: BackendConfig,
  {
    credentials = {},
    signal,
  }: { readonly credentials?: LowerCaseHeaders; readonly signal: AbortSignal },
): Promise<ModelListing> {
  const { origin, basePath } = backend;
  const answer = http.get<unknown>(`${origin}${basePath}/models`, {
    ...controlOptions(backend),
    headers: { ...credentials, 'user-agent': DISCOVERY_AGENT, ...controlHeaders(backend) },
    signal: AbortSignal.any([signal, AbortSignal.timeout(controlTimeoutMs(backend))]),
    maxContentLength: MAX_BYTES,
    responseType: 'json',
    validateStatus: null,
  });
  try {
    const { status, data } = await lastValueFrom(answer);
    if (status === 401 || status === 403) return { kind: 'refused' };
    const models = status === 200 ? listedModels(data) : null;
    return models === null ? SILENT : { kind: 'listed', models };
  } catch {
    // Whether it answers is for the prober to say.
    return SILENT;
  }
}

/** Whether the configuration gives a backend credentials, so that no client's are sent to it. */
export function hasOwnCredentials({ apiKey, headers }: BackendConfig): boolean {
  return apiKey !== null || headers.some(([name]) => holdsClientKey(name.toLowerCase()));
}

/**
 * Reads what a backend answers to `GET /models`: the OpenAI shape, `{"data":[{"id":…}]}`.
 *
 * @returns null for what is no list; entries without an id are left out, and those past 10,000.
 */
function listedModels(answer: unknown): readonly ListedModel[] | null {
  if (!isJsonObject(answer) || !Array.isArray(answer.data)) return null;
  return answer.data.filter(isListed).slice(0, MAX_MODELS);
}

function isListed(entry: unknown): entry is ListedModel {
  return isJsonObject(entry) && typeof entry.id === 'string' && entry.id !== '';
}
