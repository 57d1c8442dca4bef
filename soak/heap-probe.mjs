import { createServer } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { isMainThread } from 'node:worker_threads';

// Loaded into the gateway before its own code, with `--expose-gc`: tells whoever connects what is
// left when everything was collected that can be.

/** What a finalizer lets go of takes another one. */
const COLLECTIONS = 4;

// Code that has not run for a while is let go, a megabyte or two at a time. That would hide what is
// kept meanwhile.
setFlagsFromString('--no-flush-bytecode');

async function whatIsLeft() {
  for (let done = 0; done < COLLECTIONS; done += 1) {
    // Finalizers run in a turn of their own.
    await nextTurn();
    globalThis.gc();
  }
  // In the same turn: an answer to `/metrics` alone takes five megabytes for a moment.
  const { heapUsed, external, rss } = process.memoryUsage();
  return { keptBytes: heapUsed - codeBytes() + external, rssBytes: rss };
}

// The engine compiles for minutes, the more seldom what runs the later.
function codeBytes() {
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => /code|trusted/.test(name))
    .reduce((total, { space_used_size: bytes }) => total + bytes, 0);
}

// Node loads it into each thread.
if (isMainThread) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    void whatIsLeft().then((left) => socket.end(JSON.stringify(left)));
  });
  server.listen(process.env.SOAK_HEAP_PROBE).unref();
}
