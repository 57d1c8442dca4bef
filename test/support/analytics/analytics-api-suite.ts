import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecordQueue } from '../../../src/analytics/delivery/record-queue.js';
import { type ExchangeRecord } from '../../../src/analytics/record/exchange-record.js';
import { type Gateway } from '../gateway/gateway.js';
import { eventually } from '../time/eventually.js';
import { recordWith, unknownRecord } from './exchange-records.js';

/** A chat a minute for an hour, a fifth of them failed, and one embedding of a minute later. */
const HOUR: readonly ExchangeRecord[] = [
  ...Array.from({ length: 60 }, (_, minute) =>
    recordWith({
      record_id: `record-${String(minute).padStart(2, '0')}`,
      id: `request-${minute % 30}`,
      started_at: `2026-01-31T10:${String(minute).padStart(2, '0')}:00.000Z`,
      tenant: minute % 2 === 0 ? 'search team' : null,
      model: ['large', 'small', 'tiny'][minute % 3] ?? null,
      ...(minute % 5 === 0
        ? { status: 502, outcome: 'upstream_failed', error_code: 'upstream_unreachable' }
        : {}),
      total_ms: minute + 0.5,
      first_token_ms: minute < 10 ? minute : null,
      prompt_tokens: 100,
      completion_tokens: minute,
      cost_usd: minute < 30 ? 0.1 : null,
    }),
  ),
  unknownRecord({
    record_id: 'record-60',
    id: 'x'.repeat(128),
    started_at: '2026-01-31T11:00:00.000Z',
    endpoint: 'embeddings',
    tenant: '=cmd|"x",\n1',
    backend: 'other',
    stream: false,
    usage_source: 'none',
  }),
];

/** They started in one millisecond, outside of that hour. */
const TIES: readonly ExchangeRecord[] = ['tie-1', 'tie-2', 'tie-3'].map((id) =>
  recordWith({
    record_id: id,
    started_at: '2026-03-01T00:00:00.000Z',
    tenant: 'ties',
    status: 429,
    bytes_out: 3_000_000_000,
    prompt_tokens: Number.MAX_SAFE_INTEGER,
  }),
);

const PERIOD = 'from=2026-01-31T00:00:00Z&to=2026-02-01';

type Json = Record<string, unknown>;

/**
 * What the read API must answer, whichever database is asked.
 *
 * @param start - a gateway with an empty database, and without an admin key.
 */
export function describeAnalyticsApi(name: string, start: () => Promise<Gateway>): void {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await start();
    const queue = gateway.app.get(RecordQueue);
    for (const record of [...HOUR, ...TIES]) queue.add(record);
    queue.flush();
    await eventually(
      () => fetch(`${gateway.url}/analytics/exchanges/record-60`),
      ({ status }) => status === 200,
    );
  });
  afterAll(() => gateway.close());

  const get = (path: string): Promise<Response> => fetch(`${gateway.url}/analytics/${path}`);
  const answer = async (path: string): Promise<Json> => {
    const response = await get(path);
    const body = (await response.json()) as Json;
    expect([response.status, body.error]).toEqual([200, undefined]);
    return body;
  };
  const list = async (path: string): Promise<Json[]> => (await answer(path)).data as Json[];

  describe(name, () => {
    describeSums(answer, list);
    describeRecords(get, answer, list);
    describeExports(get);
    describeFaults(get);
    describeDocument(answer);

    it.each(['summary', 'series', 'exchanges', 'exchanges/record-07', 'exchanges.csv'])(
      'answers HEAD for %s with the head alone',
      async (path) => {
        const response = await fetch(`${gateway.url}/analytics/${path}`, { method: 'HEAD' });
        expect(response.status).toBe(200);
        expect(response.headers.get('cache-control')).toBe('no-store');
        expect(await response.text()).toBe('');
      },
    );

    it.each(['exchanges.csv', 'exchanges.jsonl'])(
      'tells HEAD for %s no length, as it tells GET none',
      async (path) => {
        const response = await fetch(`${gateway.url}/analytics/${path}`, { method: 'HEAD' });
        expect(response.headers.get('content-length')).toBeNull();
        expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${path}"`);
      },
    );
  });
}

/** As lists and exports show a record. */
function withoutBodies(record: ExchangeRecord = recordWith()): object {
  return Object.fromEntries(
    Object.entries(record).filter(([name]) => name !== 'request' && name !== 'reply'),
  );
}

type Answer = (path: string) => Promise<Json>;
type List = (path: string) => Promise<Json[]>;
type Get = (path: string) => Promise<Response>;

function describeSums(answer: Answer, list: List): void {
  it('adds up everything in a period', async () => {
    expect(await answer(`summary?${PERIOD}`)).toEqual({
      from: '2026-01-31T00:00:00.000Z',
      to: '2026-02-01T00:00:00.000Z',
      requests: 61,
      outcomes: { completed: 48, client_aborted: 0, upstream_failed: 12, rejected: 0 },
      errors: 12,
      error_rate: 12 / 61,
      prompt_tokens: 6_000,
      completion_tokens: 1_770,
      reasoning_tokens: 1_200,
      cached_tokens: 0,
      cost_usd: 3,
      without_cost: 31,
      bytes_in: 31_232,
      bytes_out: 549_000,
      total_ms: { p50: 29.5, p90: 53.5, p99: 59.5 },
      headers_ms: { p50: 20.5, p90: 20.5, p99: 20.5 },
      first_token_ms: { p50: 4, p90: 8, p99: 9 },
      tokens_per_second: { p50: 77.7 },
      tenants: 2,
      models: 3,
      backends: 2,
    });
  });

  it('counts what the backend itself refused as an error', async () => {
    expect(await answer('summary?tenant=ties')).toMatchObject({
      ...{ requests: 3, errors: 3, error_rate: 1 },
      outcomes: { completed: 3 },
    });
  });

  it('says which time a summary without a period is about', async () => {
    const { from, to } = await answer('summary?tenant=search%20team');
    expect([from, to]).toEqual(['2026-01-31T10:00:00.000Z', '2026-01-31T10:58:00.000Z']);
  });

  it('answers with zeros where there is no record', async () => {
    const summary = await answer('summary?tenant=nobody');
    expect(summary).toMatchObject({
      ...{ from: null, to: null, requests: 0, error_rate: 0, cost_usd: 0, models: 0 },
      total_ms: { p50: null, p90: null, p99: null },
    });
  });

  it('gives a point for each step, also where nothing happened', async () => {
    const points = await list('series?step=1800&from=2026-01-31T09:30:00Z&to=2026-01-31T11:10:00Z');
    expect(
      points.map(({ from, requests, prompt_tokens: tokens, total_ms: totalMs }) => [
        from,
        requests,
        tokens,
        totalMs,
      ]),
    ).toEqual([
      ['2026-01-31T09:30:00.000Z', 0, 0, { p50: null, p90: null, p99: null }],
      ['2026-01-31T10:00:00.000Z', 30, 3_000, { p50: 14.5, p90: 26.5, p99: 29.5 }],
      ['2026-01-31T10:30:00.000Z', 30, 3_000, { p50: 44.5, p90: 56.5, p99: 59.5 }],
      ['2026-01-31T11:00:00.000Z', 1, 0, { p50: null, p90: null, p99: null }],
    ]);
  });

  it('begins steps at multiples of their length, and counts nothing from outside the period', async () => {
    const points = await list('series?step=3600&from=2026-01-31T10:15:00Z&to=2026-01-31T10:20:00Z');
    expect(points.map(({ from, requests }) => [from, requests])).toEqual([
      ['2026-01-31T10:00:00.000Z', 5],
    ]);
  });

  it('gives a series of the last 24 hours where no period is named', async () => {
    expect((await list('series?step=3600')).length).toBeGreaterThanOrEqual(24);
    expect((await list('series')).length).toBeGreaterThanOrEqual(1_440);
  });

  it.each([
    [
      'model',
      [
        ['large', 20],
        ['small', 20],
        ['tiny', 20],
        [null, 1],
      ],
    ],
    [
      'backend',
      [
        ['local', 60],
        ['other', 1],
      ],
    ],
    [
      'tenant',
      [
        ['search team', 30],
        [null, 30],
        ['=cmd|"x",\n1', 1],
      ],
    ],
    [
      'endpoint',
      [
        ['chat', 60],
        ['embeddings', 1],
      ],
    ],
    [
      'status',
      [
        [200, 48],
        [502, 12],
        [null, 1],
      ],
    ],
  ])('tells exchanges apart by %s, the most frequent value first', async (by, expected) => {
    const parts = await list(`breakdown?by=${by}&${PERIOD}`);
    expect(parts.map((part) => [part[by], part.requests])).toEqual(expected);
  });

  it('shows as many values of a breakdown as are asked for', async () => {
    const parts = await list(`breakdown?by=status&limit=1&${PERIOD}`);
    expect(parts).toHaveLength(1);
    expect(parts[0]).toMatchObject({
      status: 200,
      requests: 48,
      errors: 0,
      completion_tokens: 1_440,
      without_cost: 24,
      total_ms: { p50: 29.5, p90: 54.5, p99: 59.5 },
      tokens_per_second: { p50: 77.7 },
    });
  });
}

function describeRecords(get: Get, answer: Answer, list: List): void {
  it('lists the newest fifty records first, without bodies', async () => {
    const { data, next_cursor: next } = await answer(`exchanges?${PERIOD}`);
    const records = data as Json[];
    expect(records).toHaveLength(50);
    expect(records[0]?.record_id).toBe('record-60');
    expect(records[1]).toEqual(withoutBodies(HOUR[59]));
    expect(next).toEqual(expect.any(String));
  });

  it('shows each of the records of one moment once, a page each', async () => {
    const first = await answer('exchanges?tenant=ties&limit=1');
    const second = await answer(
      `exchanges?tenant=ties&limit=2&cursor=${first.next_cursor as string}`,
    );
    const shown = [...(first.data as Json[]), ...(second.data as Json[])];
    expect(shown.map(({ record_id: id }) => id)).toEqual(['tie-3', 'tie-2', 'tie-1']);
    expect(second.next_cursor).toBeNull();
  });

  it.each([1, 7, 60, 61, 1_000])('shows each record once in pages of %p', async (limit) => {
    const seen: unknown[] = [];
    let cursor = '';
    for (;;) {
      const page = await answer(`exchanges?limit=${limit}&${PERIOD}${cursor}`);
      seen.push(...(page.data as Json[]).map(({ record_id: id }) => id));
      const { next_cursor: next } = page;
      if (typeof next !== 'string') break;
      cursor = `&cursor=${next}`;
    }
    expect(seen).toEqual(HOUR.map(({ record_id: id }) => id).reverse());
  });

  it.each([
    ['outcome=upstream_failed', 12],
    ['status=502&status=200', 60],
    ['status=502&model=large', 4],
    ['tenant=', 30],
    ['tenant=&tenant=search+team', 60],
    ['stream=false', 1],
    ['endpoint=embeddings', 1],
    ['error_code=upstream_unreachable', 12],
    ['model=LARGE', 0],
    ["tenant=' or true --", 0],
    ['from=2026-01-31T10:30:00Z', 31],
    ['from=1769855400', 31],
    ['from=1769855400000', 31],
    ['from=2026-01-31T11:30:00%2B01:00', 31],
    ['from=2026-01-31T11:30:00+01:00', 31],
    ['to=2026-01-31T10:30', 30],
    ['from=2026-01-31T10:30:00.001Z&to=2026-01-31T10:31:00.001Z', 1],
    ['from=2026-01-31T10:30:00Z&to=2026-01-31T10:30:00Z', 0],
    ['cost_usd=', 31],
    ['cost_usd=&tenant=', 15],
    ['first_token_ms=&outcome=upstream_failed', 10],
    ['request=', 61],
    ['bytes_out=3000000000&to=2026-04-01', 3],
    ['prompt_tokens=9007199254740991&to=2026-04-01', 3],
    ['from=0001-01-01', 61],
    ['from=2026-01-31&to=9999-12-31T23:59:59.999Z', 64],
  ])('finds the records with %s', async (filter, count) => {
    const bounds = /\bto=/.test(filter) ? '' : '&to=2026-02-01';
    expect(await list(`exchanges?limit=1000&${filter}${bounds}`)).toHaveLength(count);
    expect((await answer(`summary?${filter}${bounds}`)).requests).toBe(count);
  });

  it('shows the newest record of a request id, with its bodies', async () => {
    expect(await answer('exchanges/request-7')).toEqual(HOUR[37]);
  });

  it('shows a record by its own id', async () => {
    expect(await answer('exchanges/record-07')).toEqual(HOUR[7]);
  });

  it('shows the record of the longest request id', async () => {
    expect((await answer(`exchanges/${'x'.repeat(128)}`)).record_id).toBe('record-60');
  });

  it('says that there is no such record', async () => {
    const response = await get('exchanges/nobody');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
  });
}

function describeExports(get: Get): void {
  it('exports JSON lines, newest first', async () => {
    const response = await get(`exchanges.jsonl?status=502&${PERIOD}`);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="exchanges.jsonl"',
    );
    const lines = (await response.text()).trimEnd().split('\n');
    const records = lines.map((line) => JSON.parse(line) as Json);
    expect(records).toHaveLength(12);
    expect(records[0]).toEqual(withoutBodies(HOUR[55]));
  });

  it('exports CSV that a spreadsheet takes for text', async () => {
    const response = await get(`exchanges.csv?endpoint=embeddings&${PERIOD}`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(await response.text()).toBe(
      'record_id,id,started_at,tenant,key_fingerprint,method,path,endpoint,requested_model,model,' +
        'backend,attempts,attempt_log,status,outcome,error_code,phase,stream,headers_ms,' +
        'first_token_ms,first_reasoning_ms,first_answer_ms,inter_token_p50_ms,inter_token_p99_ms,' +
        'total_ms,tokens_per_second,prompt_tokens,completion_tokens,reasoning_tokens,' +
        'cached_tokens,usage_source,cost_usd,bytes_in,bytes_out,finish_reason,traceparent\r\n' +
        `record-60,${'x'.repeat(128)},2026-01-31T11:00:00.000Z,"'=cmd|""x"",\n1",,POST,` +
        '/v1/chat/completions,embeddings,,,other,2,[],,,,,false,,,,,,,,,,,,,none,,512,9000,,\r\n',
    );
  });

  it('exports the names of the columns alone where there is no record', async () => {
    const csv = await (await get('exchanges.csv?tenant=nobody')).text();
    expect(csv.split('\r\n')).toEqual([expect.stringMatching(/^record_id,.*,traceparent$/), '']);
    expect(await (await get('exchanges.jsonl?tenant=nobody')).text()).toBe('');
  });
}

function describeFaults(get: Get): void {
  it.each([
    ['summary?from=yesterday', 'from'],
    ['summary?from=2026-02-30', 'from'],
    ['summary?from=2026-01-31&from=2026-02-01', 'from'],
    ['summary?from=2026-02-01&to=2026-01-31', 'to'],
    ['summary?from=999999999999999', 'from'],
    ['summary?to=0000-01-01', 'to'],
    ['summary?modle=x', 'modle'],
    ['summary?limit=5', 'limit'],
    ['summary?step=60', 'step'],
    ['summary?status=fine', 'status'],
    ['summary?bytes_out=9007199254740992', 'bytes_out'],
    ['summary?bytes_out=9007199254740993', 'bytes_out'],
    ['summary?bytes_out=99999999999999999', 'bytes_out'],
    ['summary?stream=yes', 'stream'],
    ['summary?cost_usd=0.1', 'cost_usd'],
    ['summary?started_at=', 'started_at'],
    ['summary?outcome=failed', 'outcome'],
    ['summary?tenant=%00', 'tenant'],
    ['series?step=0', 'step'],
    ['series?step=1.5', 'step'],
    ['series?step=1', 'step'],
    ['series?step=60&from=2020-01-01', 'step'],
    ['breakdown', 'by'],
    ['breakdown?by=path', 'by'],
    ['breakdown?by=model&limit=0', 'limit'],
    ['exchanges?limit=1001', 'limit'],
    ['exchanges?limit=', 'limit'],
    ['exchanges?cursor=!', 'cursor'],
    ['exchanges?cursor=AAAA', 'cursor'],
    [`exchanges?cursor=${btoa('999999999999999 record-07')}`, 'cursor'],
    ['exchanges/record-07?limit=1', 'limit'],
    ['exchanges.csv?limit=1', 'limit'],
    ['openapi.json?x=1', 'x'],
  ])('refuses %s and names the parameter', async (path, param) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: Json };
    expect(error.param).toBe(param);
    expect(error.message).toContain(param);
  });
}

/** The parts of an OpenAPI document that are looked at here. */
interface OpenApi {
  readonly paths: Record<string, { get: { parameters: { name: string; in: string }[] } }>;
  readonly components: { schemas: Record<string, { properties: Json }> };
}

function describeDocument(answer: Answer): void {
  it('describes itself: every path, parameter and field', async () => {
    const { paths, components } = (await answer('openapi.json')) as unknown as OpenApi;
    expect(Object.keys(paths)).toEqual([
      '/analytics/summary',
      '/analytics/series',
      '/analytics/breakdown',
      '/analytics/exchanges',
      '/analytics/exchanges/{id}',
      '/analytics/exchanges.csv',
      '/analytics/exchanges.jsonl',
      '/analytics/openapi.json',
    ]);
    const { summary, record } = {
      summary: await answer('summary'),
      record: await answer('exchanges/record-07'),
    };
    expect(Object.keys(components.schemas.Summary?.properties ?? {})).toEqual(Object.keys(summary));
    expect(Object.keys(components.schemas.Record?.properties ?? {})).toEqual(Object.keys(record));
  });

  it('takes every parameter that it describes', async () => {
    const { paths } = (await answer('openapi.json')) as unknown as OpenApi;
    const names = (paths['/analytics/exchanges']?.get.parameters ?? []).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['limit', 'cursor', 'from', 'to', 'model']));
    const filters = names.slice(names.indexOf('to') + 1);
    expect(filters).toHaveLength(36);
    for (const name of filters) await answer(`exchanges?limit=1&${name}=`);
  });
}
