import { deepFreeze } from '../deep-freeze.js';
import { type AnalyticsConfig } from '../typed/analytics-config.js';
import { type SettingsConfig } from '../typed/settings-config.js';
import { sameValue } from './same-value.js';

/** The settings that changed, by their keys in the file, and hold for a listener once it is open. */
export function restartNeeds(current: SettingsConfig, next: SettingsConfig): readonly string[] {
  const needs: string[] = [];
  if (!sameValue(current.listen, next.listen)) needs.push('listen');
  if ((current.tls === null) !== (next.tls === null)) needs.push('tls');
  if (current.limits.maxHeaderBytes !== next.limits.maxHeaderBytes) {
    needs.push('limits.header_bytes');
  }
  if (current.limits.requestMs !== next.limits.requestMs) needs.push('limits.request_seconds');
  return [...needs, ...analyticsNeeds(current.analytics, next.analytics)];
}

/**
 * The next settings, but those of analytics that need a restart stay as they are now: a new sink is
 * not open, and an old one still gets records. Where analytics are switched on or off, all of theirs
 * stay.
 *
 * @returns `next` itself where nothing has to stay.
 */
export function untilRestart(current: SettingsConfig, next: SettingsConfig): SettingsConfig {
  const [old, wanted] = [current.analytics, next.analytics];
  if (analyticsNeeds(old, wanted).length === 0) return next;
  const { sinks, maxQueued, spool } = old;
  const isSwitched = old.isEnabled !== wanted.isEnabled;
  const analytics = isSwitched ? old : { ...wanted, sinks, maxQueued, spool };
  return deepFreeze({ ...next, analytics });
}

function analyticsNeeds(current: AnalyticsConfig, next: AnalyticsConfig): readonly string[] {
  const needs: string[] = [];
  if (current.isEnabled !== next.isEnabled) needs.push('analytics.enabled');
  // While it is off there are none, and switching it is told already.
  else if (!sameValue(current.sinks, next.sinks)) needs.push('analytics.sinks');
  if (current.maxQueued !== next.maxQueued) needs.push('analytics.queue');
  if (!sameValue(current.spool, next.spool)) needs.push('analytics.spool');
  return needs;
}
