import { describe, expect, it } from '@jest/globals';
import { type AffinityConfig } from '../../src/config/typed/affinity.js';
import { requestText } from '../support/client/http-text.js';
import { headerIn } from '../support/client/raw-client.js';
import { backend } from '../support/gateway/config.js';
import { useScenes } from '../support/gateway/scene.js';

const { upstreamOf, gatewayOf, clientOf } = useScenes();

async function four(affinity: AffinityConfig) {
  const backends = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    const { url } = await upstreamOf((turn) => turn.json('{}'));
    backends.push(backend(url, { name }));
  }
  const sender = await clientOf(await gatewayOf(backends, { affinity }));
  return async (headers: readonly string[], messages: readonly object[]) => {
    const body = JSON.stringify({ model: 'm', messages });
    sender.send(requestText('POST /v1/chat/completions', { headers, body }));
    return headerIn((await sender.reply()).headerLines, 'x-sluice-backend');
  };
}

describe('affinity', () => {
  it('keeps requests with one value of the header on one backend, and spreads the values', async () => {
    const ask = await four({ kind: 'header', name: 'x-session' });
    const homes = new Set<string | null>();
    for (let session = 0; session < 20; session++) {
      const seen = new Set<string | null>();
      for (let turn = 0; turn < 3; turn++) {
        seen.add(await ask([`X-Session: ${session}`], [{ role: 'user', content: `${turn}` }]));
      }
      expect(seen.size).toBe(1);
      for (const home of seen) homes.add(home);
    }
    expect(homes.size).toBeGreaterThan(1);
  });

  it('keeps a conversation that goes on where its prefix is cached', async () => {
    const ask = await four({ kind: 'prefix' });
    const homes = new Set<string | null>();
    for (let conversation = 0; conversation < 20; conversation++) {
      const messages = [{ role: 'user', content: `question ${conversation}` }];
      const seen = new Set<string | null>();
      for (let turn = 0; turn < 3; turn++) {
        seen.add(await ask([], messages));
        messages.push({ role: 'assistant', content: 'so' }, { role: 'user', content: 'why?' });
      }
      expect(seen.size).toBe(1);
      for (const home of seen) homes.add(home);
    }
    expect(homes.size).toBeGreaterThan(1);
  });
});
