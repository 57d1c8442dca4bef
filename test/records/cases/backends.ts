import { setImmediate } from 'node:timers/promises';
import { DONE, FINISH, textEvent, usageEvent } from '../../support/upstream/chat-events.js';
import { type UpstreamTurn } from '../../support/upstream/scripted-upstream.js';
import { type Barriers, type Tokens } from './exchange-case.js';

export function usageOf({ prompt, completion }: Tokens): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 1 },
    completion_tokens_details: { reasoning_tokens: 2 },
  };
}

/** A completion in JSON. */
export function completionText(content: string, usage?: object): string {
  const message = { role: 'assistant', content };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  return JSON.stringify({ id: 'c', model: 'm', choices, usage });
}

export async function completion(turn: UpstreamTurn, tokens: Tokens): Promise<void> {
  await turn.json(completionText('Hi', usageOf(tokens)));
}

/** A stream of three words, and of the usage where it is asked for. */
export async function stream(
  turn: UpstreamTurn,
  tokens: Tokens,
  barriers: Barriers,
): Promise<void> {
  const isAsked = (await turn.body()).includes('"include_usage":true');
  const words = ['One', ' two', ' three'].map(textEvent);
  const last = isAsked ? [usageEvent(usageOf(tokens))] : [];
  await events(turn, barriers, ...words, FINISH, ...last);
}

/**
 * A whole stream of these events and the last one. What follows the first event waits until the
 * client has that, so that the gateway surely gets more than one delivery; and it gets a turn of the
 * event loop to read each of the others, so that gaps differ.
 */
export async function events(
  turn: UpstreamTurn,
  { clientSaw }: Barriers,
  ...texts: readonly string[]
): Promise<void> {
  await turn.beginStream();
  for (const text of texts) {
    await turn.chunk(text);
    await clientSaw;
    await setImmediate();
  }
  await turn.chunk(DONE);
  await turn.endStream();
}

/** Nothing, until the client is gone. */
export async function silence(turn: UpstreamTurn): Promise<void> {
  await turn.body();
  await turn.closed();
}
