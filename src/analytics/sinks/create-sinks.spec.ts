import { describe, expect, it } from '@jest/globals';
import { ScriptedSink } from '../../../test/support/analytics/scripted-sink.js';
import { deferred } from '../../../test/support/time/deferred.js';
import { Secret } from '../../config/secret.js';
import { type SinkConfig } from '../../config/typed/analytics-config.js';
import { queries } from '../store/queries.js';
import { createSinks } from './create-sinks.js';
import { LazySink, LazyStore } from './lazy-sink.js';

const FILE: SinkConfig = { kind: 'file', path: '/a.jsonl', rotateBytes: 1, keep: 0 };
const OTLP: SinkConfig = { kind: 'otlp', url: 'http://127.0.0.1:1', headers: [] };

describe('createSinks', () => {
  it('names sinks by their kind, and numbers them from the second on', () => {
    const sinks = createSinks([FILE, OTLP, FILE, FILE], Date.now);
    expect(sinks.map(({ name }) => name)).toEqual(['file', 'otlp', 'file-2', 'file-3']);
  });

  it('makes stores of databases, and loads nothing for that', () => {
    const [duckdb, postgres] = createSinks(
      [
        { kind: 'duckdb', path: '/not/to/be/made' },
        { kind: 'postgres', url: new Secret('postgres://nobody@127.0.0.1:1/none') },
      ],
      Date.now,
    );
    expect(duckdb).toBeInstanceOf(LazyStore);
    expect(postgres).toBeInstanceOf(LazyStore);
  });
});

describe('LazySink', () => {
  it('loads when it is opened, and again when that failed', async () => {
    let loads = 0;
    const sink = new LazySink('duckdb', () => {
      loads++;
      return Promise.reject(new Error('no library'));
    });
    expect(loads).toBe(0);
    await expect(sink.open()).rejects.toThrow('no library');
    await expect(sink.open()).rejects.toThrow('no library');
    expect(loads).toBe(2);
    await sink.close();
  });

  it('opens nothing that was closed while it loaded', async () => {
    const library = deferred<ScriptedSink>();
    const sink = new LazySink('duckdb', () => library.promise);
    const opening = sink.open();
    await sink.close();
    const loaded = new ScriptedSink();
    library.resolve(loaded);
    await expect(opening).rejects.toMatchObject({ kind: 'closed' });
    expect(loaded.opened).toBe(0);
    await sink.open();
    expect(loaded.opened).toBe(1);
  });

  it('says that it is not open yet when it is asked before', async () => {
    const store = new LazyStore('duckdb', () => Promise.reject(new Error('not asked for')));
    const query = queries.selectFrom('sluice_exchanges').selectAll().compile();
    await expect(store.rows(query)).rejects.toMatchObject({
      kind: 'closed',
      message: 'duckdb is not open yet',
    });
  });
});
