import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { RawClient } from '../support/client/raw-client.js';
import { type Address, SteadyLoad } from '../support/client/steady-load.js';
import { type ChildGateway, startChild } from '../support/gateway/child-gateway.js';
import { deferred } from '../support/time/deferred.js';
import { eventually } from '../support/time/eventually.js';
import {
  type Asked,
  echo,
  HELD,
  judged,
  refuse,
  requestFor,
  stall,
} from '../support/upstream/echo-scripts.js';
import {
  PROBE_PATH,
  type ScriptedUpstream,
  startUpstream,
} from '../support/upstream/scripted-upstream.js';

// About fifteen seconds: an ejection lasts five, and a drain two.
jest.setTimeout(60_000);

const CLIENTS = 32;
const HELD_STREAMS = 5;
/** Enough answers for what happens to show to clients. */
const SOME = 100;
/** More than a budget of retries that was saved up before could pay for. */
const MANY = 2000;
const NAMES = ['killed', 'stalling', 'busy', 'restarted'] as const;

const release = deferred();
const well = echo(release.promise);

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('four backends, of which one is killed, one stalls, one is busy and one restarts', () => {
  it('answer every client whole while the gateway reloads twice and is restarted', async () => {
    const [killed, stalling, busy, restarted] = [
      await upstream(),
      await upstream(),
      await upstream(),
      await upstream(),
    ];
    const upstreams = [killed, stalling, busy, restarted];
    const config = (keepalive: number): object =>
      written(
        upstreams.map(({ port }) => port),
        keepalive,
      );
    const first = await gateway(config(15));
    const address: Address = { url: first.url };
    const load = new SteadyLoad(address, CLIENTS);
    await load.answers(SOME);

    await killed.close();
    await untilBackend(first, 'killed', { status: 'down' });
    await load.answers(SOME);

    stalling.become(stall);
    await untilBackend(first, 'stalling', { breaker: 'open' });
    await first.save('config.json', JSON.stringify(config(20)));
    await first.untilLogged('configuration reloaded');
    await load.answers(SOME);

    // One of four is left that serves.
    busy.become(refuse);
    await untilBackend(first, 'busy', { breaker: 'open' });
    await load.answers(MANY);

    stalling.become(well);
    busy.become(well);
    await untilBackend(first, 'stalling', { breaker: 'closed' });
    await untilBackend(first, 'busy', { breaker: 'closed' });
    await load.answers(SOME);

    await restarted.close();
    await load.answers(SOME);
    upstreams.push(await upstream(restarted.port));
    await first.save('config.json', JSON.stringify(config(30)));
    await first.untilLogged('configuration reloaded', 2);
    await untilBackend(first, 'restarted', { status: 'up' });
    await load.answers(SOME);

    const held = await Promise.all(
      Array.from({ length: HELD_STREAMS }, (_, at) => heldStream(first, `${HELD}-${at}`)),
    );
    const second = await gateway(config(30));
    first.signal('SIGTERM');
    await until(first, '/health/ready', ({ status }) => status === 503);
    address.url = second.url;
    await untilHealth(first, ({ in_flight }) => in_flight === HELD_STREAMS);
    const countedByFirst = await outcomesCounted(first);
    await load.answers(SOME);
    release.resolve();
    for (const rest of held) expect(await rest()).toBe('whole');
    expect(await first.ended).toEqual({ code: 0, signal: null });

    const { whole, cut, refused, faults } = await load.stop();
    expect(faults).toEqual([]);
    // At most what the two that were closed had begun to answer.
    expect(cut).toBeLessThanOrEqual(2 * CLIENTS);
    await untilHealth(second, ({ in_flight }) => in_flight === 0);
    const countedBySecond = await outcomesCounted(second);
    second.signal('SIGINT');
    await second.ended;

    const inClients = { completed: whole + HELD_STREAMS, upstream_failed: cut, rejected: refused };
    const inLogs = tally(finishedChats(first), finishedChats(second));
    const inMetrics = tally(
      countedByFirst,
      countedBySecond,
      held.map(() => 'completed'),
    );
    expect(inLogs).toEqual(inClients);
    expect(inMetrics).toEqual(inClients);
    const arrived = upstreams.reduce((sum, { requests }) => sum + requests.length, 0);
    const asked = whole + cut + HELD_STREAMS;
    expect(arrived).toBeGreaterThanOrEqual(asked);
    expect(arrived).toBeLessThanOrEqual(asked * 1.2);
  });
});

async function upstream(port = 0): Promise<ScriptedUpstream> {
  const started = await startUpstream(well, { port });
  closers.push(() => started.close());
  return started;
}

async function gateway(config: object): Promise<ChildGateway> {
  const child = await startChild({ config });
  closers.push(() => child.dispose());
  return child;
}

function written(ports: readonly number[], keepalive: number): object {
  return {
    primary_backends: NAMES.map((name, at) => ({
      ...{ name, url: `http://127.0.0.1:${ports[at]}` },
      health: { path: PROBE_PATH, interval: 1 },
      timeout: { headers: 1, idle: 60 },
    })),
    settings: {
      ...{ listen: '127.0.0.1:0', keepalive, retries: { attempts: 3 } },
      drain: { delay: 2, deadline: 20 },
      analytics: { enabled: false },
    },
  };
}

interface Health {
  readonly in_flight: number;
  readonly details: Readonly<
    Record<string, { readonly status: string; readonly breaker: string } | undefined>
  >;
}

async function until(
  { url }: ChildGateway,
  path: string,
  isAwaited: (reply: Response) => boolean | Promise<boolean>,
): Promise<void> {
  await eventually(
    async () => isAwaited(await fetch(`${url}${path}`)),
    (isReached) => isReached,
  );
}

function untilHealth(child: ChildGateway, isAwaited: (health: Health) => boolean): Promise<void> {
  return until(child, '/health', async (reply) => isAwaited((await reply.json()) as Health));
}

function untilBackend(
  child: ChildGateway,
  name: string,
  { status, breaker }: { readonly status?: string; readonly breaker?: string },
): Promise<void> {
  return untilHealth(child, ({ details }) => {
    const shown = details[name];
    return (
      (status === undefined || shown?.status === status) &&
      (breaker === undefined || shown?.breaker === breaker)
    );
  });
}

/** Opens a stream and waits for its first event; what it gives back waits for the rest. */
async function heldStream({ url }: ChildGateway, id: string): Promise<() => Promise<string>> {
  const client = await RawClient.connect(url);
  closers.push(() => {
    client.close();
  });
  const asked: Asked = { id, stream: true };
  client.send(requestFor(asked));
  await client.head();
  const begun = await client.chunk();
  return async () => {
    let body = begun;
    for (;;) {
      const chunk = await client.chunk();
      if (chunk === '') return judged(asked, body);
      body += chunk;
    }
  };
}

/** Outcomes of the chat completions in its log. */
function finishedChats(child: ChildGateway): string[] {
  return child
    .logged()
    .filter(({ msg, path }) => msg === 'exchange finished' && path === '/v1/chat/completions')
    .map(({ outcome }) => String(outcome));
}

/** Outcomes of the chat completions in its metrics. */
async function outcomesCounted({ url }: ChildGateway): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counted = text.matchAll(
    /^sluice_requests_total\{.*endpoint="chat.*outcome="(\w+)"\} (\d+)$/gm,
  );
  return [...counted].flatMap(([, outcome = '', count]) =>
    Array.from({ length: Number(count) }, () => outcome),
  );
}

/** How many of each there are; those that no client saw would show as further ones. */
function tally(...outcomes: readonly (readonly string[])[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { completed: 0, upstream_failed: 0, rejected: 0 };
  for (const outcome of outcomes.flat()) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
