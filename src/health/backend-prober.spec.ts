import { beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { EventEmitter, once } from 'node:events';
import { backend, configOf } from '../../test/support/gateway/config.js';
import { BackendRegistry } from '../backends/backend-registry.js';
import { type ProbeFinding } from '../backends/state/backend-health.js';
import { ConfigStore } from '../config/config-store.js';
import { Clock } from '../exchange/timing/clock.js';
import { BackendProbe } from './backend-probe.js';
import { BackendProber } from './backend-prober.js';

const UP: ProbeFinding = { status: 'up', latencyMs: 1 };
const DOWN: ProbeFinding = { status: 'down', latencyMs: 1, lastError: 'refused' };

/** Probes that come back when the test says so; it announces each by its backend's name. */
class ScriptedProbe extends EventEmitter {
  readonly asked: string[] = [];
  readonly answers: ((health: ProbeFinding) => void)[] = [];
  signal: AbortSignal | null = null;

  ask({ name }: { name: string }, signal: AbortSignal): Promise<ProbeFinding> {
    this.signal = signal;
    this.asked.push(name);
    this.emit('asked');
    return new Promise((resolve) => {
      this.answers.push(resolve);
    });
  }
}

describe('BackendProber', () => {
  let probe: ScriptedProbe;
  let prober: BackendProber;
  let registry: BackendRegistry;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    probe = new ScriptedProbe();
    const health = { path: '/', intervalMs: 1 };
    const backends = ['a', 'b'].map((name) => backend('http://127.0.0.1:1', { name, health }));
    const module = await Test.createTestingModule({
      providers: [
        BackendProber,
        BackendRegistry,
        Clock,
        { provide: ConfigStore, useValue: new ConfigStore(configOf(backends)) },
        { provide: BackendProbe, useValue: probe },
      ],
    }).compile();
    prober = module.get(BackendProber);
    registry = module.get(BackendRegistry);
  });

  it('knows nothing of any backend before the start', () => {
    expect(registry.healthOf('a')).toEqual({ status: 'unknown' });
    expect(registry.healthOf('b')).toEqual({ status: 'unknown' });
  });

  it('asks every backend right after the start', async () => {
    prober.onApplicationBootstrap();
    expect(probe.asked).toEqual(['a', 'b']);
    await stop();
  });

  it('offers the latest result of each, and asks again only after it came', async () => {
    prober.onApplicationBootstrap();
    probe.answers[0]?.(DOWN);
    await once(probe, 'asked');
    expect(probe.asked).toEqual(['a', 'b', 'a']);
    expect(registry.healthOf('a')).toBe(DOWN);
    expect(registry.healthOf('b')).toEqual({ status: 'unknown' });
    probe.answers[2]?.(UP);
    await once(probe, 'asked');
    expect(probe.asked).toEqual(['a', 'b', 'a', 'a']);
    expect(registry.healthOf('a')).toBe(UP);
    await stop();
  });

  it('ends its probes when the application closes, and takes no notice of what they say', async () => {
    prober.onApplicationBootstrap();
    const stopped = prober.beforeApplicationShutdown();
    expect(probe.signal?.aborted).toBe(true);
    for (const answer of probe.answers) answer(DOWN);
    await stopped;
    expect(probe.asked).toEqual(['a', 'b']);
    expect(registry.healthOf('a')).toEqual({ status: 'unknown' });
  });

  async function stop(): Promise<void> {
    const stopped = prober.beforeApplicationShutdown();
    for (const answer of probe.answers) answer(UP);
    await stopped;
  }
});
