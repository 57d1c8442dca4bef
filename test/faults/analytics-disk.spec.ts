import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { useAnalyticsFolder } from '../support/analytics-folder.js';

/** What `npm run build` makes, which `npm test` runs first. */
const FILE_SINK = fileURLToPath(
  new URL('../../dist/analytics/sinks/file/file-sink.js', import.meta.url),
);

/** Of 512 bytes (POSIX, `ulimit -f`): a write beyond them succeeds in part, as on a full disk. */
const MAX_FILE_BLOCKS = 4;

const SCRIPT = `
  const { createFileSink } = await import(process.argv[1]);
  const sink = createFileSink({ path: process.argv[2], rotateBytes: 1e9, keep: 0 }, 'file');
  const write = (letter, lines) =>
    sink.write({ jsonLines: Buffer.from((letter.repeat(99) + '\\n').repeat(lines)) }).then(
      () => 'written',
      ({ code }) => code,
    );
  await sink.open();
  const outcomes = [await write('a', 10), await write('b', 30)];
  await sink.open();
  outcomes.push(await write('c', 5));
  process.stdout.write(outcomes.join());
`;

describe('a disk that fills up in the middle of a write', () => {
  const folder = useAnalyticsFolder();

  it('leaves no part of a batch in the file', async () => {
    const path = folder.path('log.jsonl');
    const node = [process.execPath, '--input-type=module', '-e', SCRIPT, FILE_SINK, path];
    const limited = ['-c', `ulimit -f ${MAX_FILE_BLOCKS}; exec "$0" "$@"`, ...node];
    const child = spawn('sh', limited, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(child, 'close');
    expect(output).toBe('written,EFBIG,written');
    const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.at(0) ?? '');
    expect(lines.join('')).toBe('aaaaaaaaaaccccc');
  });
});
