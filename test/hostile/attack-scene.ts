import { afterAll, beforeAll } from '@jest/globals';
import { type BackendConfig } from '../../src/config/typed/backend-config.js';
import { backend, configOf, type SettingsChoice } from '../support/config.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { requestText } from '../support/http-text.js';
import { RawClient } from '../support/raw-client.js';
import { type RecordingUpstream, startRecorder } from '../support/recording-upstream.js';
import { type StrictRequest } from '../support/strict-http.js';

/** What became of the bytes that a client sent. */
export interface AttackOutcome {
  /** Status codes of all replies on its connection, in order. */
  readonly statuses: readonly number[];
  readonly isClosed: boolean;
  /** Whole requests that reached the backend. */
  readonly carried: readonly StrictRequest[];
}

export interface AttackScene {
  readonly gateway: Gateway;
  readonly upstream: RecordingUpstream;
  /**
   * Sends bytes on a connection of their own, which must be answered or lose it, and then a request
   * beyond doubt: on the same connection while it stands, else on another. Fails when that one is
   * not answered as it should be.
   */
  attack(bytes: string): Promise<AttackOutcome>;
}

const CANARY = '/v1/canary';

/** All that a request is told which is late on a busy machine, where the time for a head is short. */
const LATE = '408';

/** The request beyond doubt, which an attack may have left half a request for. */
export const CANARY_REQUEST = requestText(`GET ${CANARY}`);

/** Call at the top of a suite: one gateway before one backend that reads strictly, for all tests. */
export function useAttackScene(
  settings: SettingsChoice = {},
  choice: Partial<BackendConfig> = {},
): () => AttackScene {
  let scene: AttackScene | null = null;
  beforeAll(async () => {
    const upstream = await startRecorder();
    const gateway = await startGateway(configOf([backend(upstream.url, choice)], settings));
    scene = { gateway, upstream, attack: (bytes) => attack(gateway, upstream, bytes) };
  });
  afterAll(async () => {
    await scene?.gateway.close();
    await scene?.upstream.close();
  });
  return () => {
    if (scene === null) throw new Error('no scene before the first test');
    return scene;
  };
}

async function attack(
  { url }: Gateway,
  upstream: RecordingUpstream,
  bytes: string,
): Promise<AttackOutcome> {
  upstream.take();
  const client = await RawClient.connect(url);
  try {
    client.send(bytes);
    const { status, headerLines } = await client.reply();
    const mayGoOn = !headerLines.some((line) => /^connection: close$/i.test(line));
    const { statuses, isClosed } = mayGoOn ? await askOn(client) : await rest(client);
    if (isClosed) await askAnew(url);
    const requests = upstream.take();
    return {
      statuses: [status, ...statuses],
      isClosed,
      carried: requests.filter(({ target }) => target !== CANARY),
    };
  } finally {
    client.close();
  }
}

type Further = Pick<AttackOutcome, 'statuses' | 'isClosed'>;

/** Whatever else was answered, up to the canary's own answer or the end of the connection. */
async function askOn(client: RawClient): Promise<Further> {
  client.send(CANARY_REQUEST);
  const statuses: number[] = [];
  for (;;) {
    const reply = await client.reply().catch(() => null);
    if (reply === null) return { statuses, isClosed: true };
    if (reply.body === `GET ${CANARY}`) return { statuses, isClosed: false };
    statuses.push(reply.status);
  }
}

/** Until a request beyond doubt was in time. */
async function askAnew(url: string): Promise<void> {
  const client = await RawClient.connect(url);
  try {
    const { statuses, isClosed } = await askOn(client);
    if (!isClosed) return;
    if (statuses.join() !== LATE) {
      throw new Error(`a request beyond doubt was not answered, but told ${statuses.join()}`);
    }
  } finally {
    client.close();
  }
  await askAnew(url);
}

/** Statuses of what else came before the connection ended. */
async function rest(client: RawClient): Promise<Further> {
  await client.ended();
  const heads = client.reader.received.match(/HTTP\/1\.1 \d{3}/g) ?? [];
  return { statuses: heads.map((head) => Number(head.slice(-3))), isClosed: true };
}
