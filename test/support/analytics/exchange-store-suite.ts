import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type Sink } from '../../../src/analytics/sinks/sink.js';
import { type ExchangeStore } from '../../../src/analytics/store/exchange-store.js';
import { queries } from '../../../src/analytics/store/queries.js';
import { recordBatch, recordWith, unknownRecord } from './exchange-records.js';

export type StoringSink = Sink & ExchangeStore;

const EVERYTHING = queries
  .selectFrom('sluice_exchanges')
  .selectAll()
  .orderBy('started_at')
  .orderBy('record_id')
  .compile();

const COUNT = queries
  .selectFrom('sluice_exchanges')
  .select((table) => table.fn.countAll().as('count'))
  .compile();

const DAY_MS = 86_400_000;

/**
 * What every store must do, whichever database it is.
 *
 * @param emptySink - makes a sink on an empty database, not yet opened.
 */
export function describeStore(name: string, emptySink: () => Promise<StoringSink>): void {
  describe(name, () => {
    let sink: StoringSink;
    beforeEach(async () => {
      sink = await emptySink();
      await sink.open();
    });
    afterEach(() => sink.close());

    describeWriting(() => sink);
    describeAsking(() => sink);
    describeRetention(() => sink);
  });
}

function describeWriting(sink: () => StoringSink): void {
  it('gives back each record as it was', async () => {
    const record = recordWith({ request: '{"messages":[]}', reply: 'line\nline' });
    await sink().write(recordBatch([record]));
    expect(await sink().rows(EVERYTHING)).toEqual([record]);
  });

  it('gives back null for what nobody knew', async () => {
    const record = unknownRecord({ usage_source: 'none' });
    await sink().write(recordBatch([record]));
    expect(await sink().rows(EVERYTHING)).toEqual([record]);
  });

  it('keeps any text, with U+FFFD in place of what is none', async () => {
    const given = [
      ['Zürich 東京 😀 \u2028', 'Zürich 東京 😀 \u2028'],
      ['a\u0000b', 'a\ufffdb'],
      ['half \ud83d pair', 'half \ufffd pair'],
      ['half \udc00', 'half \ufffd'],
      [String.raw`\u0000 and \ud800 spelt out`, String.raw`\u0000 and \ud800 spelt out`],
      [`\\\u0000`, `\\\ufffd`],
      [`'; drop table sluice_exchanges; --\t"\r\n`, `'; drop table sluice_exchanges; --\t"\r\n`],
    ];
    const records = given.map(([text = ''], index) =>
      recordWith({ record_id: `r${index}`, tenant: text, request: text }),
    );
    await sink().write(recordBatch(records));
    const rows = await sink().rows(EVERYTHING);
    expect(rows.map(({ tenant, request }) => [tenant, request])).toEqual(
      given.map(([, kept]) => [kept, kept]),
    );
  });

  it('keeps numbers of any size', async () => {
    const record = recordWith({
      bytes_in: Number.MAX_SAFE_INTEGER,
      bytes_out: 5_000_000_000,
      prompt_tokens: 3_000_000_000,
      cost_usd: 1.25e-9,
      total_ms: 99_999_999.9,
      headers_ms: 0.1,
    });
    await sink().write(recordBatch([record]));
    expect(await sink().rows(EVERYTHING)).toEqual([record]);
  });

  it('keeps what can be kept of numbers that are no count', async () => {
    const record = recordWith({ record_id: 'odd', prompt_tokens: 12.5, completion_tokens: 1e300 });
    await sink().write(recordBatch([recordWith({ record_id: 'even' }), record]));
    const rows = await sink().rows(EVERYTHING);
    expect(rows).toHaveLength(2);
    expect([12, 13]).toContain(rows[1]?.prompt_tokens);
    expect(rows[1]?.completion_tokens).toBeNull();
  });

  it('changes nothing when a batch is written a second time', async () => {
    const batch = recordBatch([recordWith({ record_id: 'a' }), recordWith({ record_id: 'b' })]);
    await sink().write(batch);
    await sink().write(batch);
    expect(await sink().rows(EVERYTHING)).toEqual(batch.records());
  });

  it('writes a batch of which some was written before the store was opened', async () => {
    const kept = recordWith({ record_id: 'a' });
    const missing = recordWith({ record_id: 'b', started_at: '2026-01-31T10:20:31.000Z' });
    await sink().write(recordBatch([kept]));
    await sink().open();
    await sink().write(recordBatch([missing, kept]));
    expect(await sink().rows(EVERYTHING)).toEqual([kept, missing]);
  });

  it('finds all records after it was closed and opened again', async () => {
    const record = recordWith();
    await sink().write(recordBatch([record]));
    await sink().close();
    await sink().open();
    expect(await sink().rows(EVERYTHING)).toEqual([record]);
  });

  it('writes nothing for no records', async () => {
    await sink().write(recordBatch([]));
    expect(await sink().rows(COUNT)).toEqual([{ count: 0 }]);
  });

  it('refuses what it is asked before it is open', async () => {
    await sink().close();
    await expect(sink().write(recordBatch([recordWith()]))).rejects.toMatchObject({
      kind: 'closed',
    });
    await expect(sink().rows(COUNT)).rejects.toMatchObject({ kind: 'closed' });
  });
}

function describeAsking(sink: () => StoringSink): void {
  it('counts, sums and ranks alike', async () => {
    const records = [10, 20, 30, 40].map((totalMs, index) =>
      recordWith({
        total_ms: totalMs,
        outcome: index === 0 ? 'rejected' : 'completed',
        completion_tokens: index === 0 ? null : 100,
        model: index % 2 === 0 ? 'even' : 'odd',
      }),
    );
    await sink().write(recordBatch(records));
    const summary = queries
      .selectFrom('sluice_exchanges')
      .select(({ fn, eb }) => [
        fn.countAll().as('exchanges'),
        fn.countAll().filterWhere('outcome', '=', 'rejected').as('rejected'),
        fn.coalesce(fn.sum('completion_tokens'), eb.val(0)).as('tokens'),
        fn.avg('completion_tokens').as('mean_tokens'),
        fn.sum('cached_tokens').filterWhere('model', '=', 'none').as('no_tokens'),
        fn.max('started_at').as('last_at'),
        sql`percentile_cont(0.5) within group (order by total_ms)`.as('p50_ms'),
        sql`percentile_cont(0.75) within group (order by total_ms)`.as('p75_ms'),
      ])
      .where('path', 'like', sql<string>`${'/v1/%'} escape ${'\\'}`)
      .compile();
    expect(await sink().rows(summary)).toEqual([
      {
        exchanges: 4,
        rejected: 1,
        tokens: 300,
        mean_tokens: 100,
        no_tokens: null,
        last_at: '2026-01-31T10:20:30.456Z',
        p50_ms: 25,
        p75_ms: 32.5,
      },
    ]);
  });

  it('puts records into steps of time', async () => {
    const records = ['10:00:00.000', '10:00:59.999', '10:01:00.000'].map((time) =>
      recordWith({ started_at: `2026-01-31T${time}Z` }),
    );
    await sink().write(recordBatch(records));
    const series = queries
      .selectFrom('sluice_exchanges')
      .select(({ fn }) => [
        sql`floor(extract(epoch from started_at) / ${60}) * ${60}`.as('step_start'),
        fn.countAll().as('exchanges'),
      ])
      .groupBy('step_start' as never)
      .orderBy('step_start' as never)
      .compile();
    const start = Date.parse('2026-01-31T10:00:00Z') / 1000;
    expect(await sink().rows(series)).toEqual([
      { step_start: start, exchanges: 2 },
      { step_start: start + 60, exchanges: 1 },
    ]);
  });

  it('pages by time and id, in the order of bytes', async () => {
    const ids = ['B', 'a', 'ä', 'b'];
    await sink().write(recordBatch(ids.map((id) => recordWith({ record_id: id }))));
    const at = recordWith().started_at;
    const page = queries
      .selectFrom('sluice_exchanges')
      .select('record_id')
      .where((eb) =>
        eb.or([
          eb('started_at', '<', at),
          eb.and([eb('started_at', '=', at), eb('record_id', '<', 'b')]),
        ]),
      )
      .orderBy('started_at', 'desc')
      .orderBy('record_id', 'desc')
      .limit(2)
      .compile();
    expect(await sink().rows(page)).toEqual([{ record_id: 'a' }, { record_id: 'B' }]);
  });

  it('sorts what is null as the greatest', async () => {
    const records = [1, null, 2].map((status) => recordWith({ status }));
    await sink().write(recordBatch(records));
    const byStatus = queries.selectFrom('sluice_exchanges').select('status');
    expect(await sink().rows(byStatus.orderBy('status', 'desc').compile())).toEqual(
      [null, 2, 1].map((status) => ({ status })),
    );
    expect(await sink().rows(byStatus.orderBy('status').compile())).toEqual(
      [1, 2, null].map((status) => ({ status })),
    );
  });

  it('divides whole numbers as whole numbers', async () => {
    const division = sql<number>`select 7 / 2 as half`.compile(queries);
    expect(await sink().rows(division)).toEqual([{ half: 3 }]);
  });

  it('gives 10,000 rows, each once and in order', async () => {
    const records = Array.from({ length: 10_000 }, (_, index) =>
      recordWith({ record_id: String(index).padStart(6, '0'), prompt_tokens: index }),
    );
    for (let start = 0; start < records.length; start += 1_000) {
      await sink().write(recordBatch(records.slice(start, start + 1_000)));
    }
    const query = queries
      .selectFrom('sluice_exchanges')
      .select(['record_id', 'prompt_tokens'])
      .orderBy('record_id')
      .compile();
    const rows = await sink().rows(query);
    expect(rows.map((row) => row.prompt_tokens)).toEqual(
      records.map((record) => record.prompt_tokens),
    );
  });

  it('gives whole rows, or none of them, to who asks while the first is written', async () => {
    const record = recordWith();
    const asked = Array.from({ length: 20 }, () => sink().rows(EVERYTHING));
    await sink().write(recordBatch([record]));
    for (const rows of await Promise.all(asked)) {
      expect(rows).toEqual(rows.length === 0 ? [] : [record]);
    }
  });

  it('says what the database said of a statement it refused', async () => {
    const query = sql`select no_such_column from sluice_exchanges`.compile(queries);
    await expect(sink().rows(query)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('no_such_column'),
    });
  });
}

function describeRetention(sink: () => StoringSink): void {
  it('deletes what started before a time, and nothing else', async () => {
    const newestMs = Date.parse('2026-01-31T12:00:00.000Z');
    const records = Array.from({ length: 3_000 }, (_, index) =>
      recordWith({
        record_id: String(index).padStart(4, '0'),
        started_at: new Date(newestMs - (index % 30) * DAY_MS).toISOString(),
      }),
    );
    await sink().write(recordBatch(records));
    await sink().deleteBefore?.(newestMs - 10 * DAY_MS);
    const kept = await sink().rows(EVERYTHING);
    expect(kept).toHaveLength(1_100);
    expect(kept[0]?.started_at).toBe('2026-01-21T12:00:00.000Z');
  });

  it('deletes nothing where nothing is old', async () => {
    const record = recordWith();
    await sink().write(recordBatch([record]));
    await sink().deleteBefore?.(Date.parse(record.started_at));
    expect(await sink().rows(EVERYTHING)).toEqual([record]);
  });
}
