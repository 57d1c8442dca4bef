import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { map } from 'rxjs';
import { BodyRewriter } from '../../src/chat/body-rewriter.js';
import { policyOf } from '../conformance/rewriting.js';
import { chatText } from '../support/client/http-text.js';
import { type Gateway } from '../support/gateway/gateway.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';
import { DONE, textEvent } from '../support/upstream/chat-events.js';
import { type UpstreamScript } from '../support/upstream/scripted-upstream.js';

const { scene } = useScenes();

const REWRITTEN = { backend: { reasoning: policyOf({ input: 'think', output: 'strip' }) } };
const FIRST = textEvent('a');
const REST = textEvent('b') + DONE;

function bodiesOf({ app }: Gateway): BodyRewriter {
  return app.get(BodyRewriter, { strict: false });
}

const throwing = (): never => {
  throw new Error('a mistake of ours');
};

/** Holds a stream open until told otherwise; every other request is answered at once. */
function oneHeldStream(goOn: Promise<void>): UpstreamScript {
  let isFirst = true;
  return async (turn) => {
    await turn.beginStream();
    await turn.chunk(FIRST);
    if (isFirst) {
      isFirst = false;
      await goOn;
    }
    await turn.chunk(REST);
    await turn.endStream();
  };
}

describe('a mistake in the rewriting of one reply', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is a 500 to its client, and nothing to a stream that runs or a request that follows', async () => {
    const goOn = deferred();
    const { client, gateway } = await scene(oneHeldStream(goOn.promise), REWRITTEN);
    const running = await client();
    running.send(chatText());
    await running.head();
    expect(await running.chunk()).toBe(FIRST);

    jest.spyOn(bodiesOf(gateway), 'rewrite').mockImplementationOnce(throwing);
    const unlucky = await client();
    unlucky.send(chatText());
    const { status, body } = await unlucky.reply();
    expect(status).toBe(500);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'internal_error' } });
    expect(body).not.toContain('a mistake of ours');

    unlucky.send(chatText());
    expect((await unlucky.reply()).body).toBe(FIRST + REST);
    goOn.resolve();
    expect(
      (await running.reader.until((text) => text.includes('[DONE]'))).endsWith('0\r\n\r\n'),
    ).toBe(true);
  });

  it('ends its stream with an error event when it comes late', async () => {
    const goOn = deferred();
    goOn.resolve();
    const { client, gateway } = await scene(oneHeldStream(goOn.promise), REWRITTEN);
    jest.spyOn(bodiesOf(gateway), 'rewrite').mockImplementationOnce((reply) => ({
      ...reply,
      body: reply.body.pipe(map(throwing)),
    }));
    const sender = await client();
    sender.send(chatText());
    const { body } = await sender.reply();
    expect(body).toContain('"code":"internal_error"');
    expect(body).not.toContain('[DONE]');
    // Not `upstream_failed`: the backend did nothing wrong.
    expect((await gateway.nextFinished()).outcome).toBe('rejected');
    sender.send(chatText());
    expect((await sender.reply()).body).toBe(FIRST + REST);
  });
});
