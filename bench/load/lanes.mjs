import { once } from 'node:events';
import { connect } from 'node:net';
import { createReplyEnd } from './reply-end.mjs';

/**
 * Several connections that each send a request, wait for the whole reply, and send the next.
 * @param {object} options
 * @param {number} options.port
 * @param {Buffer} options.request finished bytes
 * @param {number} options.connections
 * @param {() => boolean} options.isOver asked after each reply; true ends that connection
 * @param {(latencyMs: number) => void} [options.onReply]
 * @returns {Promise<number>} how many replies came whole
 */
export async function driveLanes({ port, request, connections, isOver, onReply }) {
  const lanes = Array.from({ length: connections }, () =>
    driveLane({ port, request, isOver, onReply }),
  );
  const counts = await Promise.all(lanes);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function driveLane({ port, request, isOver, onReply }) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  try {
    return await new Promise((resolve, reject) => {
      let replies = 0;
      let end = createReplyEnd();
      let sentAt = performance.now();
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('A connection was closed mid-reply.')));
      socket.on('data', (chunk) => {
        try {
          if (end.feed(chunk) === 'more') return;
        } catch (error) {
          reject(error);
          return;
        }
        replies += 1;
        onReply?.(performance.now() - sentAt);
        if (isOver()) {
          resolve(replies);
          return;
        }
        end = createReplyEnd();
        sentAt = performance.now();
        socket.write(request);
      });
      socket.write(request);
    });
  } finally {
    socket.destroy();
  }
}
