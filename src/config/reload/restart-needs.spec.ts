import { describe, expect, it } from '@jest/globals';
import { loadedConfig } from '../../../test/support/gateway/loaded-config.js';
import { type SettingsConfig } from '../typed/settings-config.js';
import { restartNeeds, untilRestart } from './restart-needs.js';

function settingsOf(settings: object): SettingsConfig {
  const primary_backends = [{ name: 'local', url: 'http://127.0.0.1:1/v1' }];
  return loadedConfig({ primary_backends, settings }).settings;
}

describe('a reload', () => {
  const needs = (current: object, next: object) =>
    restartNeeds(settingsOf(current), settingsOf(next));
  const withAnalytics = (analytics: object) => ({ analytics });

  it('asks for a restart where sinks, spool or queue changed', () => {
    expect(
      needs(
        withAnalytics({ sinks: [{ use: 'postgres', url: 'postgres://u:one@h/d' }] }),
        withAnalytics({
          sinks: [{ use: 'postgres', url: 'postgres://u:two@h/d' }],
          spool: { max_bytes: 1 },
          queue: 1,
        }),
      ),
    ).toEqual(['analytics.sinks', 'analytics.queue', 'analytics.spool']);
  });

  it('asks for one where analytics are switched', () => {
    expect(needs({}, withAnalytics({ enabled: false }))).toEqual(['analytics.enabled']);
  });

  it('keeps until then what needs one, and puts the rest in force', () => {
    const sinks = [{ use: 'file', path: 'a.ndjson' }];
    const current = settingsOf(withAnalytics({ sinks, queue: 7, retention_days: 1 }));
    const next = settingsOf(
      withAnalytics({ queue: 8, spool: { max_bytes: 1 }, retention_days: 2 }),
    );
    const { analytics } = untilRestart(current, next);
    expect(analytics).toEqual({ ...current.analytics, retentionDays: 2 });
    expect(restartNeeds(current, { ...next, analytics })).toEqual([]);
  });

  it('keeps all of analytics where they are switched', () => {
    const current = settingsOf(withAnalytics({ retention_days: 1, tenant: { headers: ['x-a'] } }));
    const next = settingsOf({ ...withAnalytics({ enabled: false }), keepalive: 7 });
    expect(untilRestart(current, next)).toEqual({ ...next, analytics: current.analytics });
  });

  it('takes the next settings as they are where no restart is needed', () => {
    const next = settingsOf(withAnalytics({ retention_days: 2 }));
    expect(untilRestart(settingsOf({}), next)).toBe(next);
  });

  it('puts everything else in force at once', () => {
    expect(
      needs(
        {},
        {
          admin_key: 'k',
          analytics: {
            tenant: { headers: ['x-team'] },
            prices: { a: { input: 1, output: 1 } },
            capture: { mode: 'all' },
            retention_days: 1,
          },
        },
      ),
    ).toEqual([]);
  });
});
