import {
  type LimitsConfig,
  type QueueConfig,
  type RetriesConfig,
  type SettingsConfig,
} from '../typed/settings-config.js';
import { analyticsFacts } from './analytics-facts.js';
import { type Facts, seconds, told } from './fact.js';
import { affinityFacts } from './model-facts.js';
import { paramsFacts } from './params-facts.js';

/** The settings in words, without the address. */
export function settingsFacts(settings: SettingsConfig): Facts {
  const { keepaliveMs, limits, retries, affinity, queue, params, drain, log, tls } = settings;
  const { adminKey, analytics } = settings;
  return {
    keepalive: told(keepaliveMs === 0 ? 'never' : `after ${seconds(keepaliveMs)} of silence`),
    limits: told(describeLimits(limits)),
    retries: told(describeRetries(retries)),
    ...(queue.max > 0 && { queue: told(describeQueue(queue)) }),
    ...affinityFacts(affinity),
    ...paramsFacts(params),
    drain: told(`${seconds(drain.delayMs)} unready, then up to ${seconds(drain.deadlineMs)}`),
    ...(adminKey !== null && { 'admin key': { shown: String(adminKey), value: adminKey } }),
    ...analyticsFacts(analytics),
    log: told(log.hasBodies ? `${log.level}, and the bodies of each exchange` : log.level),
    ...(tls !== null && { 'tls key': { shown: String(tls.key), value: tls } }),
  };
}

function describeLimits(limits: LimitsConfig): string {
  return (
    `JSON body ${limits.maxBodyBytes} B, target ${limits.maxTargetBytes} B, ` +
    `head ${limits.maxHeaderBytes} B, ${limits.maxInFlight} exchanges at once, ` +
    `request ${seconds(limits.requestMs)}, ` +
    `stalled reader ${limits.stalledReaderMs === 0 ? 'never left' : seconds(limits.stalledReaderMs)}`
  );
}

function describeRetries({ maxRepeats, budget }: RetriesConfig): string {
  return maxRepeats === 0
    ? 'never'
    : `at most ${maxRepeats} for a request, ${Math.round(budget * 1000) / 10} % of recent requests`;
}

function describeQueue({ max, timeoutMs }: QueueConfig): string {
  return `at most ${max} wait, ${seconds(timeoutMs)} each`;
}
