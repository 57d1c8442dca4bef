import { describe, expect, it } from '@jest/globals';
import assert from 'node:assert/strict';
import { APIConnectionTimeoutError, APIUserAbortError, RateLimitError } from 'openai';
import { bodyOf, streamOf } from '../conformance/rewriting.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { useHeldTimers } from '../support/time/held-timer.js';
import { type UpstreamScript, type UpstreamTurn } from '../support/upstream/scripted-upstream.js';
import { fetchOfThisRealm, MESSAGES, openaiAt } from './openai-client.js';

const { scene } = useScenes();
const holdTimer = useHeldTimers();

const CHAT = { model: 'm', messages: [...MESSAGES] };
const STREAM = { ...CHAT, stream: true } as const;

/** An upstream whose stream has begun and goes on for ever, and its turn. */
function endlessStream(): { script: UpstreamScript; turn: Promise<UpstreamTurn> } {
  const begun = deferred<UpstreamTurn>();
  const script: UpstreamScript = async (turn) => {
    await turn.beginStream();
    const whole = Buffer.from(streamOf(['Paris'])).toString();
    await turn.chunk(whole.slice(0, whole.lastIndexOf('data: {')));
    begun.resolve(turn);
  };
  return { script, turn: begun.promise };
}

/** An upstream that takes a request and does not answer, and its turn. */
function silence(): { script: UpstreamScript; turn: Promise<UpstreamTurn> } {
  const asked = deferred<UpstreamTurn>();
  const script: UpstreamScript = async (turn) => {
    await turn.body();
    asked.resolve(turn);
  };
  return { script, turn: asked.promise };
}

describe('an openai client that leaves', () => {
  it('closes the upstream when it breaks out of a stream', async () => {
    const { script, turn } = endlessStream();
    const { gateway } = await scene(script);
    const finished = gateway.nextFinished();
    const stream = await openaiAt(gateway).chat.completions.create(STREAM);
    for await (const { choices } of stream) {
      if (choices[0]?.delta.content === 'Paris') break;
    }
    await (await turn).closed();
    expect((await finished).outcome).toBe('client_aborted');
  });

  it('closes the upstream when it aborts a stream', async () => {
    const { script, turn } = endlessStream();
    const { gateway } = await scene(script);
    const finished = gateway.nextFinished();
    const stream = await openaiAt(gateway).chat.completions.create(STREAM);
    stream.controller.abort();
    await (await turn).closed();
    expect((await finished).outcome).toBe('client_aborted');
  });

  it('closes the upstream when it aborts before an answer', async () => {
    const { script, turn } = silence();
    const { gateway } = await scene(script);
    const finished = gateway.nextFinished();
    const leave = new AbortController();
    const completion = openaiAt(gateway).chat.completions.create(CHAT, { signal: leave.signal });
    const error = completion.catch((thrown: unknown) => thrown);
    const asked = await turn;
    leave.abort();
    expect(await error).toBeInstanceOf(APIUserAbortError);
    await asked.closed();
    expect((await finished).outcome).toBe('client_aborted');
  });

  it('closes the upstream when its own patience ends', async () => {
    const { script, turn } = silence();
    const { gateway } = await scene(script);
    const finished = gateway.nextFinished();
    const patience = holdTimer(41_000);
    const options = { timeout: 41_000, maxRetries: 0, fetch: fetchOfThisRealm };
    const error = openaiAt(gateway, options)
      .chat.completions.create(CHAT)
      .catch((thrown: unknown) => thrown);
    const asked = await turn;
    patience.fire();
    expect(await error).toBeInstanceOf(APIConnectionTimeoutError);
    await asked.closed();
    expect((await finished).outcome).toBe('client_aborted');
  });
});

describe('an openai client that is told to wait', () => {
  it('waits as long as the Retry-After of the model server says, and asks again', async () => {
    const { gateway, upstream } = await scene((turn) => {
      const isFirst = turn.request.header('x-stainless-retry-count') === '0';
      return isFirst
        ? turn.json('{"error":{"message":"slow down"}}', {
            status: '429 Too Many Requests',
            headers: 'Retry-After: 37\r\n',
          })
        : turn.json(Buffer.from(bodyOf('Paris')).toString());
    });
    const wait = holdTimer(37_000);
    const completion = openaiAt(gateway).chat.completions.create(CHAT);
    await wait.armed;
    expect(upstream.requests.length).toBe(1);
    wait.fire();
    expect((await completion).choices[0]?.message.content).toBe('Paris');
    expect(upstream.requests.length).toBe(2);
  });

  it('has the wait at hand when it does not ask again', async () => {
    const { gateway } = await scene((turn) =>
      turn.json('{"error":{"message":"slow down","code":"rate_limit_exceeded"}}', {
        status: '429 Too Many Requests',
        headers: 'Retry-After: 37\r\n',
      }),
    );
    const completion = openaiAt(gateway, { maxRetries: 0 }).chat.completions.create(CHAT);
    const error = await completion.catch((thrown: unknown) => thrown);
    assert(error instanceof RateLimitError);
    expect(error.code).toBe('rate_limit_exceeded');
    expect(error.headers.get('retry-after')).toBe('37');
  });
});
