import { setTimeout } from 'node:timers/promises';
import { requestText } from '../client/http-text.js';
import { DONE } from './chat-events.js';
import { type UpstreamScript } from './scripted-upstream.js';

/** A chat completion whose answer tells it from every other one. */
export interface Asked {
  readonly id: string;
  readonly stream: boolean;
}

const EVENTS = 5;

/** What a model server takes for an event, so that requests overlap as they do in life. */
const EVENT_MS = 10;

/** Ids that begin so belong to streams that stay open after their first event. */
export const HELD = 'held';

/**
 * Answers each request with its own id, as JSON or event by event.
 *
 * @param release - lets the streams that are held go on
 */
export function echo(release: Promise<void>): UpstreamScript {
  return async (turn) => {
    const { user: id, stream } = JSON.parse(await turn.body()) as { user: string; stream: boolean };
    await setTimeout(EVENT_MS);
    if (!stream) {
      await turn.json(JSON.stringify(id));
      return;
    }
    await turn.beginStream();
    for (const event of eventsOf(id)) {
      await turn.chunk(event);
      await (id.startsWith(HELD) ? release : setTimeout(EVENT_MS));
    }
    await turn.endStream();
  };
}

/** Takes requests and never answers, though it answers its probes. */
export const stall: UpstreamScript = async (turn) => {
  await turn.closed();
};

/** Refuses everything at once. */
export const refuse: UpstreamScript = (turn) => turn.json('"busy"', { status: '503 Busy' });

/** The request, as bytes. */
export function requestFor({ id, stream }: Asked): string {
  const messages = [{ role: 'user', content: id }];
  return requestText('POST /v1/chat/completions', {
    headers: ['Content-Type: application/json'],
    body: JSON.stringify({ model: 'm', stream, user: id, messages }),
  });
}

/**
 * How an answer relates to its request: `whole`; `cut`, a part of it and then an error that the
 * client can see; or `wrong`.
 */
export function judged({ id, stream }: Asked, body: string): 'whole' | 'cut' | 'wrong' {
  if (!stream) return body === JSON.stringify(id) ? 'whole' : 'wrong';
  const whole = eventsOf(id).join('');
  if (body === whole) return 'whole';
  const [, begun = '', error] = /^([^]*?)(\n*data: \{"error":[^]*\n\n)$/.exec(body) ?? [];
  return error !== undefined && whole.startsWith(begun) ? 'cut' : 'wrong';
}

function eventsOf(id: string): string[] {
  const events = Array.from({ length: EVENTS }, (_, event) => `data: ${id}.${event}\n\n`);
  return [...events, DONE];
}
