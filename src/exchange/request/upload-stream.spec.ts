import { describe, expect, it } from '@jest/globals';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { UploadStream } from './upload-stream.js';

setFlagsFromString('--expose-gc');
const collectGarbage = (): unknown => runInNewContext('gc()');

/** An upload that goes on behind 1 MiB that was read before, and a weak reference to that. */
function begunUpload(): { readonly upload: UploadStream; readonly begun: WeakRef<Buffer> } {
  const chunk = Buffer.alloc(1_048_576);
  const upload = new UploadStream(new IncomingMessage(new Socket()), {
    stallMs: 60_000,
    begun: [chunk],
    onChunk: () => undefined,
  });
  return { upload, begun: new WeakRef(chunk) };
}

describe('UploadStream', () => {
  it('lets go of what had been read before it once that was taken', async () => {
    const { upload, begun } = begunUpload();
    let bytes = 0;
    upload.on('data', (chunk: Buffer) => (bytes += chunk.length));
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    collectGarbage();
    await setImmediate();
    expect(bytes).toBe(1_048_576);
    expect(begun.deref()).toBeUndefined();
    upload.destroy();
  });
});
