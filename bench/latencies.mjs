import { chatRequest } from './load/chat-request.mjs';
import { driveLanes } from './load/lanes.mjs';
import { percentile } from './statistics.mjs';

/**
 * The latencies of several subjects, in rounds that take turns; one connection, one request at a
 * time, after a warm-up.
 * @param {import('./lines.mjs').Bench} bench
 * @param {readonly import('./subjects.mjs').Subject[]} subjects
 * @returns {Promise<Map<string, { p50: number, p99: number }[]>>} milliseconds, by subject and round
 */
export async function interleavedLatencies({ rounds, roundMs, warmUpMs }, subjects) {
  const latencies = new Map(subjects.map((subject) => [subject.name, []]));
  for (const subject of subjects) await oneRound(subject, warmUpMs);
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) {
      const sample = await oneRound(subject, roundMs);
      latencies
        .get(subject.name)
        .push({ p50: percentile(sample, 0.5), p99: percentile(sample, 0.99) });
    }
  }
  return latencies;
}

async function oneRound({ port }, durationMs) {
  const sample = [];
  const startedAt = performance.now();
  await driveLanes({
    port,
    request: chatRequest('json'),
    connections: 1,
    isOver: () => performance.now() - startedAt >= durationMs,
    onReply: (latencyMs) => sample.push(latencyMs),
  });
  return sample;
}
