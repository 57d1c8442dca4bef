import { describe, expect, it } from '@jest/globals';
import { chatText, requestText } from '../support/client/http-text.js';
import { headerIn, RawClient, type RawReply } from '../support/client/raw-client.js';
import { limits } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';
import { deferred } from '../support/time/deferred.js';

const { scene } = useScenes();

const BROKEN_CHUNK =
  'POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nx-request-id: mine\r\n' +
  'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"mod\r\nzz\r\n';

const codeOf = ({ body }: RawReply): unknown =>
  (JSON.parse(body) as { error: { code: unknown } }).error.code;

describe('a request whose body is broken', () => {
  it('is refused as itself, and gives its place back though its client stays', async () => {
    const { client, gateway } = await scene((turn) => turn.json('{}'), {
      settings: { limits: limits({ maxInFlight: 1 }) },
    });
    const broken = await RawClient.connect(gateway.url, { allowHalfOpen: true });
    broken.send(BROKEN_CHUNK);
    const reply = await broken.reply();
    expect([reply.status, codeOf(reply)]).toEqual([400, 'bad_request']);
    expect(headerIn(reply.headerLines, 'x-request-id')).toBe('mine');
    const { id, outcome, facts } = await gateway.nextFinished();
    expect([id, outcome, facts.status, facts.errorCode]).toEqual([
      ...['mine', 'rejected', 400, 'bad_request'],
    ]);
    await broken.ended();
    const other = await client();
    other.send(chatText());
    expect((await other.reply()).status).toBe(200);
    broken.close();
  });

  it('ends the upload to its backend at once', async () => {
    const begun = deferred();
    const gone = deferred();
    const { client } = await scene(async (turn) => {
      await turn.reader.until((text) => text.includes('first'));
      begun.resolve();
      await turn.closed();
      gone.resolve();
    });
    const sender = await client();
    sender.send(
      'POST /v1/files HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n',
    );
    await begun.promise;
    sender.send('zz\r\n');
    expect((await sender.reply()).status).toBe(400);
    await gone.promise;
  });
});

describe('bytes that are no request, behind one that runs', () => {
  it.each([
    ['before its reply', false],
    ['in the middle of its reply', true],
  ])('let it end, and close the connection: %s', async (_when, isReplying) => {
    const goOn = deferred();
    const asked = deferred();
    const { client, gateway } = await scene(async (turn) => {
      await turn.body();
      asked.resolve();
      if (!isReplying) await goOn.promise;
      await turn.beginStream();
      await turn.chunk('data: 1\n\n');
      await goOn.promise;
      await turn.chunk('data: [DONE]\n\n');
      await turn.endStream();
    });
    const sender = await client();
    sender.send(chatText());
    await asked.promise;
    if (isReplying) await sender.reader.until((text) => text.includes('data: 1'));
    sender.send('\0\0\0 no request\r\n\r\n');
    await anotherAnswered(await client());
    goOn.resolve();
    expect((await sender.reply()).body).toBe('data: 1\n\ndata: [DONE]\n\n');
    expect(await sender.ended()).toBe('end');
    expect((await gateway.nextFinished()).outcome).toBe('completed');
  });
});

describe('bytes that are no request, behind a question to Sluice itself', () => {
  it.each([
    ['alone', requestText('GET /health/live')],
    ['behind a request that was forwarded', chatText() + requestText('GET /health/live')],
    ['before one that was forwarded', requestText('GET /health/live') + chatText()],
  ])('let it be answered, and close the connection: %s', async (_, asked) => {
    const { client } = await scene((turn) => turn.json('{}'));
    const sender = await client();
    sender.send(`${asked}\0\0\0 no request\r\n\r\n`);
    const count = asked.split('HTTP/1.1').length - 1;
    for (let reply = 0; reply < count; reply++) expect((await sender.reply()).status).toBe(200);
    expect(await sender.ended()).toBe('end');
  });
});

/** By then the gateway has read what was sent before. */
async function anotherAnswered(sender: RawClient): Promise<void> {
  sender.send(requestText('GET /health/live'));
  await sender.reply();
}
