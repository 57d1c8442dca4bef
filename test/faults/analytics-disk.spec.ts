import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createDuckDbSink } from '../../src/analytics/sinks/duckdb/duckdb-sink.js';
import { queries } from '../../src/analytics/store/queries.js';
import { useAnalyticsFolder } from '../support/analytics/analytics-folder.js';
import { recordBatch, recordWith } from '../support/analytics/exchange-records.js';

/** What `npm run build` makes, which `npm test` runs first. */
const FILE_SINK = builtSink('file/file-sink.js');
const DUCKDB_CLIENT = builtSink('duckdb/duckdb-client.js');

const FILE_SCRIPT = `
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

const DUCKDB_SCRIPT = `
  const { createDuckDbClient } = await import(process.argv[1]);
  const client = createDuckDbClient({ path: process.argv[2] }, 'duckdb');
  const batch = JSON.parse(process.argv[3]);
  const write = (recordId) => {
    const record = { ...batch.record, record_id: recordId, reply: 'x'.repeat(400_000) };
    const jsonLines = Buffer.from(JSON.stringify(record) + '\\n');
    return client.write({ ...batch, jsonLines }).then(
      () => 'written',
      ({ kind }) => kind,
    );
  };
  await client.open();
  const outcomes = [await write('first'), await write('second')];
  await client.close();
  process.stdout.write(outcomes.join());
`;

const IDS = queries
  .selectFrom('sluice_exchanges')
  .select('record_id')
  .orderBy('record_id')
  .compile();

describe('a disk that fills up in the middle of a write', () => {
  const folder = useAnalyticsFolder();

  it('leaves no part of a batch in the file', async () => {
    const path = folder.path('log.jsonl');
    const output = await outputOf(FILE_SCRIPT, [FILE_SINK, path], { maxFileBlocks: 4 });
    expect(output).toBe('written,EFBIG,written');
    const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.at(0) ?? '');
    expect(lines.join('')).toBe('aaaaaaaaaaccccc');
  });

  it('is no fault of the records that were for DuckDB, which takes them when there is room', async () => {
    const path = folder.path('analytics.duckdb');
    const record = recordWith({ record_id: 'second' });
    const batch = recordBatch([record]);
    const { count, started } = batch;
    const parameters = [DUCKDB_CLIENT, path, JSON.stringify({ count, started, record })];
    const output = await outputOf(DUCKDB_SCRIPT, parameters, { maxFileBlocks: 1200 });
    expect(output).toBe('written,unreachable');
    const sink = createDuckDbSink({ path }, 'duckdb');
    await sink.open();
    await sink.write(batch);
    expect(await sink.rows(IDS)).toEqual([{ record_id: 'first' }, { record_id: 'second' }]);
    await sink.close();
  });
});

function builtSink(path: string): string {
  return fileURLToPath(new URL(`../../dist/analytics/sinks/${path}`, import.meta.url));
}

/**
 * What a script writes.
 *
 * @param maxFileBlocks - of 512 bytes (POSIX, `ulimit -f`): a write beyond them succeeds in part, as
 *   on a full disk.
 */
async function outputOf(
  script: string,
  parameters: readonly string[],
  { maxFileBlocks }: { readonly maxFileBlocks: number },
): Promise<string> {
  const node = [process.execPath, '--input-type=module', '-e', script, ...parameters];
  const limited = ['-c', `ulimit -f ${maxFileBlocks}; exec "$0" "$@"`, ...node];
  const child = spawn('sh', limited, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  return output;
}
