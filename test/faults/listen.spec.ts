import { expect, it, jest } from '@jest/globals';
import { startChild } from '../support/gateway/child-gateway.js';
import { startUpstream } from '../support/upstream/scripted-upstream.js';

// Starts a process.
jest.setTimeout(30_000);

it('says in a sentence, and not by a stack, that the port is taken', async () => {
  const other = await startUpstream(() => undefined);
  const config = {
    primary_backends: [{ name: 'local', url: other.url }],
    settings: { listen: `127.0.0.1:${other.port}` },
  };
  const failure = await startChild({ config }).then(
    () => 'it listens',
    (error: unknown) => String(error),
  );
  expect(failure).toContain(
    `Sluice cannot listen on 127.0.0.1:${other.port}: another process listens there already. ` +
      'Set settings.listen, LISTEN_ADDR or LISTEN_PORT to another.',
  );
  expect(failure).not.toContain('uncaught');
  await other.close();
});
