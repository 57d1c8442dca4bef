import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { Secret } from '../../src/config/secret.js';
import { CERTIFICATES } from '../support/certificates.js';
import { chatText, requestText } from '../support/client/http-text.js';
import { useScenes } from '../support/gateway/scene.js';

const { scene } = useScenes();
const { ca, cert, key } = CERTIFICATES;

describe('a backend behind TLS', () => {
  it('is trusted through the certificate authority of its configuration', async () => {
    const { client } = await scene((turn) => turn.json('{"tls":true}'), {
      tls: { cert, key },
      backend: { ca },
    });
    const sender = await client();
    for (let round = 0; round < 2; round++) {
      sender.send(chatText());
      expect((await sender.reply()).body).toBe('{"tls":true}');
    }
  });

  it('is a 502 without that authority, and gets no byte of the request', async () => {
    const { client, upstream } = await scene((turn) => turn.json('{}'), { tls: { cert, key } });
    const sender = await client();
    sender.send(chatText());
    const { status, body } = await sender.reply();
    expect(status).toBe(502);
    expect(JSON.parse(body)).toMatchObject({
      error: {
        code: 'upstream_unreachable',
        message: "no trusted TLS connection to backend 'local' (UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
      },
    });
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('clients behind TLS', () => {
  it('are served with the certificate of the configuration', async () => {
    const { gateway, upstream } = await scene((turn) => turn.json('{}'), {
      settings: { tls: { cert, key: new Secret(key) } },
    });
    const socket = connect({ port: Number(new URL(gateway.url).port), host: '127.0.0.1', ca });
    await once(socket, 'secureConnect');
    socket.write(requestText('GET /v1/models', { headers: ['Connection: close'] }));
    const text = (await socket.setEncoding('latin1').toArray()).join('');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(upstream.requests[0]?.header('x-forwarded-proto')).toBe('https');
  });
});
