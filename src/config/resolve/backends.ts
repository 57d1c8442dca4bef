import { toMs } from '../duration.js';
import { formatPath } from '../path.js';
import { readBaseUrl } from '../rules/base-url.js';
import { Secret } from '../secret.js';
import { BackendSection } from '../sections/backend.section.js';
import { type BackendConfig } from '../typed/backend-config.js';
import { type ParamsConfig } from '../typed/params-config.js';
import { type TimeoutsConfig } from '../typed/timeouts-config.js';
import { mergeParams, toParams } from './params.js';
import { mergeReasoning, type ReasoningLayer, toReasoningLayer } from './reasoning.js';
import { resolveTimeouts } from './timeouts.js';

/** What a backend takes from elsewhere where it says nothing itself. */
export interface BackendInheritance {
  readonly timeouts: TimeoutsConfig;
  readonly params: ParamsConfig;
  readonly reasoning: ReasoningLayer;
  /** `OPENAI_API_KEY`. */
  readonly openaiKey: string | null;
  /** PEM texts by the path of the key that names their file. */
  readonly pems: ReadonlyMap<string, string>;
}

const OPENAI_HOST = 'api.openai.com';
/** Name of the backend that the environment describes. */
const ENVIRONMENT_NAME = 'env';

/** A list of backends in the file, by its key. */
export type BackendList = 'primary_backends' | 'fallback_backends';

/** The listed backends that have a URL, and a warning for each that has none. */
export function resolveBackends(
  sections: readonly BackendSection[],
  list: BackendList,
  inherited: BackendInheritance,
): { readonly backends: readonly BackendConfig[]; readonly warnings: readonly string[] } {
  const backends: BackendConfig[] = [];
  const warnings: string[] = [];
  for (const [index, section] of sections.entries()) {
    const path = formatPath([list, index]);
    const backend = resolveBackend(section, path, inherited);
    if (backend === null) warnings.push(`${path} is skipped: its url is empty`);
    else backends.push(backend);
  }
  return { backends, warnings };
}

/** The one backend that the environment describes; the URL is known to be one. */
export function environmentBackends(
  url: string,
  inherited: BackendInheritance,
): readonly BackendConfig[] {
  const section = Object.assign(new BackendSection(), { name: ENVIRONMENT_NAME, url });
  const backend = resolveBackend(section, ENVIRONMENT_NAME, inherited);
  return backend === null ? [] : [{ ...backend, apiKey: secretOf(inherited.openaiKey) }];
}

function resolveBackend(
  section: BackendSection,
  path: string,
  inherited: BackendInheritance,
): BackendConfig | null {
  const read = readBaseUrl(section.url ?? '');
  if (read.kind === 'fault') return null;
  const { origin, path: basePath } = read.url;
  const isOpenai = new URL(origin).hostname === OPENAI_HOST;
  return {
    name: section.name,
    origin,
    basePath,
    model: section.model === '' ? null : section.model,
    models: section.models,
    apiKey: secretOf(section.api_key) ?? (isOpenai ? secretOf(inherited.openaiKey) : null),
    headers: Object.entries(section.headers).map(([name, value]) => [name, new Secret(value)]),
    weight: section.weight,
    maxInFlight: section.max_in_flight,
    timeouts: resolveTimeouts(section.timeout, inherited.timeouts),
    params: mergeParams(inherited.params, toParams(section.params)),
    reasoning: mergeReasoning(inherited.reasoning, toReasoningLayer(section.reasoning)),
    ca: inherited.pems.get(`${path}.ca`) ?? null,
    health: { path: section.health.path, intervalMs: toMs(section.health.interval) },
  };
}

function secretOf(text: string | null): Secret | null {
  return text === null || text === '' ? null : new Secret(text);
}
