import { afterEach, describe, expect, it } from '@jest/globals';
import { ConfigStore } from '../../src/config/config-store.js';
import { type BackendConfig } from '../../src/config/sluice-config.js';
import { backend, configOf } from '../support/config.js';
import { deferred } from '../support/deferred.js';
import { type Gateway } from '../support/gateway.js';
import { requestText } from '../support/http-text.js';
import { RawClient } from '../support/raw-client.js';
import { useScenes } from '../support/scene.js';
import {
  PROBE_PATH,
  type ScriptedUpstream,
  startUpstream,
  type UpstreamScript,
  type UpstreamTurn,
} from '../support/scripted-upstream.js';

const { upstreamOf, gatewayWith } = useScenes();

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const CLIENTS = 8;
const REQUESTS_EACH = 100;
const EVENTS = 5;

interface Asked {
  readonly id: string;
  readonly stream: boolean;
}

async function askedIn(turn: UpstreamTurn): Promise<Asked> {
  const { user, stream } = JSON.parse(await turn.body()) as { user: string; stream: boolean };
  return { id: user, stream };
}

/** Answers with what tells the request from every other one. */
const well: UpstreamScript = async (turn) => {
  const { id, stream } = await askedIn(turn);
  if (!stream) {
    await turn.json(JSON.stringify(id));
    return;
  }
  await turn.beginStream();
  for (let event = 0; event < EVENTS; event++) await turn.chunk(`data: ${id}.${event}\n\n`);
  await turn.chunk('data: [DONE]\n\n');
  await turn.endStream();
};

const stalled: UpstreamScript = async (turn) => {
  await turn.closed();
};

const busy: UpstreamScript = (turn) => turn.json('"busy"', { status: '503 Busy' });

function expectedBody({ id, stream }: Asked): string {
  if (!stream) return JSON.stringify(id);
  const events = Array.from({ length: EVENTS }, (_, event) => `data: ${id}.${event}\n\n`);
  return `${events.join('')}data: [DONE]\n\n`;
}

function requestOf({ id, stream }: Asked): string {
  const body = JSON.stringify({
    model: 'm',
    stream,
    user: id,
    messages: [{ role: 'user', content: id }],
  });
  return requestText('POST /v1/chat/completions', {
    headers: ['Content-Type: application/json'],
    body,
  });
}

/** What went wrong with the answers of one client, in words; `onAnswer` after each. */
async function faultsOf(gateway: Gateway, name: number, onAnswer: () => void): Promise<string[]> {
  const client = await RawClient.connect(gateway.url);
  const faults: string[] = [];
  for (let round = 0; round < REQUESTS_EACH; round++) {
    const asked = { id: `${name}-${round}`, stream: round % 2 === 0 };
    client.send(requestOf(asked));
    const { status, body } = await client.reply();
    if (status !== 200) faults.push(`${asked.id}: ${status} ${body}`);
    else if (body !== expectedBody(asked)) faults.push(`${asked.id}: ${body}`);
    onAnswer();
  }
  client.close();
  return faults;
}

describe('four backends, of which one is killed, one stalls, one is busy and one restarts', () => {
  it('give every client its own answer, whole, and see few extra requests', async () => {
    const [killed, stalling, failing, steady] = [
      await upstreamOf(well),
      await upstreamOf(well),
      await upstreamOf(well),
      await upstreamOf(well),
    ];
    const timeouts = { connectMs: 5_000, headersMs: 100, firstTokenMs: 0, idleMs: 0, totalMs: 0 };
    const named = (name: string, { url }: { readonly url: string }): BackendConfig =>
      backend(url, { name, timeouts, health: { path: PROBE_PATH, intervalMs: 500 } });
    const config = configOf(
      [
        named('killed', killed),
        named('stalling', stalling),
        named('failing', failing),
        named('steady', steady),
      ],
      { retries: { attempts: 3, budget: 0.2 } },
    );
    const gateway = await gatewayWith(config);
    const store = gateway.app.get(ConfigStore);

    let answers = 0;
    const total = CLIENTS * REQUESTS_EACH;
    const restarted = deferred<ScriptedUpstream>();
    const { settings } = config;
    const steps: (() => void)[] = [
      () => void killed.close(),
      () => {
        stalling.become(stalled);
      },
      () => {
        stalling.become(well);
      },
      () => {
        store.swap({ ...config, settings: { ...settings, keepaliveMs: 1_000 } });
      },
      () =>
        void startUpstream(well, { port: killed.port }).then((back) => {
          closers.push(() => back.close());
          restarted.resolve(back);
        }),
      () => {
        failing.become(busy);
      },
      () => {
        failing.become(well);
      },
      () => {
        store.swap({ ...config, backends: [...config.backends].reverse() });
      },
    ];
    const every = total / (steps.length + 1);
    const atAnswer = new Map(steps.map((step, at) => [Math.round(every * (at + 1)), step]));
    const onAnswer = (): void => atAnswer.get(++answers)?.();

    const clients = Array.from({ length: CLIENTS }, (_, name) => faultsOf(gateway, name, onAnswer));
    expect((await Promise.all(clients)).flat()).toEqual([]);
    const back = await restarted.promise;
    const seen = [killed, back, stalling, failing, steady].map(({ requests }) => requests.length);
    const arrived = seen.reduce((sum, count) => sum + count, 0);
    expect(arrived).toBeGreaterThanOrEqual(total);
    expect(arrived).toBeLessThanOrEqual(total * 1.2);
    expect(gateway.finished.every(({ outcome }) => outcome === 'completed')).toBe(true);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(countIn(metrics)).toBe(total);
  });
});

/** Of chat completions answered with 200. */
function countIn(metrics: string): number {
  const lines = metrics.split('\n').filter((line) => line.startsWith('sluice_requests_total{'));
  return lines
    .filter((line) => line.includes('status="200"') && line.includes('endpoint="chat'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
