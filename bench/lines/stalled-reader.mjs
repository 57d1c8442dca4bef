import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { chatRequest } from '../load/chat-request.mjs';
import { createReplyEnd } from '../load/reply-end.mjs';
import { residentBytes } from '../process-figures.mjs';
import { claimRow, limitRow } from '../rows.mjs';
import { floodBodyBytes } from '../streams/flood.mjs';
import { withSubjects } from '../subjects.mjs';

const MB = 1024 * 1024;
const FLOOD_BYTES = 200 * MB;
const SAMPLE_MS = 100;
const STALL_MS = { quick: 2000, full: 5000 };

export const name = 'stalled-reader';
export const when = 'always';

/**
 * A client takes the first bytes of a large stream and stops; later it reads on to the end.
 * @param {import('../lines.mjs').Bench} bench
 */
export async function run(bench) {
  return withSubjects([() => bench.subjects.sluice('sluice')], async ([sluice]) => {
    const socket = connect({ port: sluice.port, host: '127.0.0.1' });
    try {
      await once(socket, 'connect');
      const before = residentBytes(sluice.pid);
      socket.write(chatRequest(`flood:${FLOOD_BYTES}`));
      await once(socket, 'readable');
      const peakBytes = await peakWhile(sluice.pid, STALL_MS[bench.scale]);
      const { takenBytes, isPaused } = await bench.upstream.floodProgress();
      const receivedBytes = await readOn(socket);
      return [
        limitRow({
          what: 'client that stops reading a 200 MB stream, RSS growth',
          amount: (peakBytes - before) / MB,
          unit: 'MB',
          below: 20,
          detail: `from ${(before / MB).toFixed(0)} MB`,
        }),
        claimRow({
          what: 'client that stops reading a 200 MB stream, upstream paused',
          holds: isPaused && takenBytes < FLOOD_BYTES / 4,
          detail: `paused after ${(takenBytes / MB).toFixed(1)} MB, socket buffers included`,
        }),
        claimRow({
          what: 'client that reads on again, every byte arrives',
          holds: receivedBytes >= floodBodyBytes(FLOOD_BYTES),
          detail: `${(receivedBytes / MB).toFixed(1)} MB with chunk framing`,
        }),
      ];
    } finally {
      socket.destroy();
    }
  });
}

async function peakWhile(pid, durationMs) {
  let peakBytes = 0;
  for (let elapsedMs = 0; elapsedMs < durationMs; elapsedMs += SAMPLE_MS) {
    await wait(SAMPLE_MS);
    peakBytes = Math.max(peakBytes, residentBytes(pid));
  }
  return peakBytes;
}

async function readOn(socket) {
  const end = createReplyEnd();
  for await (const chunk of socket) {
    if (end.feed(chunk) === 'end') break;
  }
  return end.bodyBytes();
}
