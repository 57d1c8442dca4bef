import { afterEach } from '@jest/globals';
import { startModelServer } from '../../../demo/model-server.mjs';
import { type ReasoningPolicy } from '../../../src/config/typed/reasoning-policy.js';
import { policyOf } from '../../conformance/rewriting.js';
import { backend } from './config.js';
import { type Gateway } from './gateway.js';
import { useScenes } from './scene.js';

/**
 * Call at the top of a suite. What it gives back starts the scripted model server of the demo,
 * whose models speak one notation each, and a gateway before it. The policy is that of an empty
 * configuration (any input to `<think>` tags) but for what is said. Both go when the test ends.
 */
export function useModelServer(): (policy?: Partial<ReasoningPolicy>) => Promise<Gateway> {
  const { gatewayOf } = useScenes();
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  return async (policy = {}) => {
    const server = await startModelServer();
    closers.push(() => server.close());
    const health = { path: '/models', intervalMs: 600_000 };
    return gatewayOf([backend(server.url, { health, reasoning: policyOf(policy) })]);
  };
}
