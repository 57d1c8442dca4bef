import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A loopback port that is free right now.
 * @param {number} [wanted] taken if it is free; 0, the default, lets the system choose
 * @returns {Promise<number>}
 */
export async function freePort(wanted = 0) {
  const probe = createServer().listen(wanted, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch (error) {
    if (wanted !== 0 && error.code === 'EADDRINUSE') return freePort();
    throw error;
  }
  const { port } = probe.address();
  const closed = once(probe, 'close');
  probe.close();
  await closed;
  return port;
}
