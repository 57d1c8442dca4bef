import { type ConfigFault } from '../config-error.js';
import { type Overrides } from '../resolve/overrides.js';
import { databaseUrlProblem } from '../rules/database-url.js';
import { apiKeyProblem } from '../rules/header-fields.js';
import { type Environment } from './environment.js';
import { readListenOverride } from './listen.variables.js';
import { readLlmParams } from './llm-params/llm-params.js';
import { readSeconds } from './numbers.js';
import { readUpstream } from './upstream.variables.js';

/** Reads the variables Sluice knows, all of them; faults name the variable, two where they contradict. */
export function readOverrides(environment: Environment): {
  readonly overrides: Overrides;
  readonly faults: readonly ConfigFault[];
} {
  const listen = readListenOverride(environment);
  const upstream = readUpstream(environment);
  const openaiKey = environment.get('OPENAI_API_KEY') ?? null;
  const databaseUrl = environment.get('DATABASE_URL') ?? null;
  const timeout = readSeconds(environment, 'API_REQUEST_TIMEOUT');
  const models = readLlmParams(environment.get('LLM_PARAMS') ?? '');
  return {
    overrides: {
      host: listen.host,
      port: listen.port,
      upstreamUrl: upstream.url,
      openaiKey,
      timeoutSeconds: timeout.seconds,
      thinkTags: readThinkTags(environment),
      models: models.entries,
      databaseUrl,
      isDebug: /^(?:true|1)$/i.test(environment.get('DEBUG') ?? ''),
    },
    faults: [
      ...listen.faults,
      ...upstream.faults,
      ...openaiKeyFaults(openaiKey),
      ...timeout.faults,
      ...databaseUrlFaults(databaseUrl),
      ...models.faults,
    ],
  };
}

function openaiKeyFaults(key: string | null): ConfigFault[] {
  const problem = key === null ? null : apiKeyProblem(key);
  return problem === null ? [] : [{ path: 'OPENAI_API_KEY', message: problem }];
}

function databaseUrlFaults(url: string | null): ConfigFault[] {
  const problem = url === null ? null : databaseUrlProblem(url);
  return problem === null ? [] : [{ path: 'DATABASE_URL', message: problem }];
}

function readThinkTags(environment: Environment): Overrides['thinkTags'] {
  const open = environment.get('THINK_TAG');
  const close = environment.get('THINK_END_TAG');
  if (open === undefined && close === undefined) return null;
  return { open: open ?? '<think>', close: close ?? '</think>' };
}
