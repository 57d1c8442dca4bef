import { describe, expect, it } from '@jest/globals';
import { recordWith } from '../../../test/support/analytics/exchange-records.js';
import { jsonLine, RecordLines, recordsIn } from './record-lines.js';

describe('RecordLines', () => {
  it('keeps records as lines, in order, however many', () => {
    const records = Array.from({ length: 200 }, (_, index) => recordWith({ id: `ü ${index}\n` }));
    const lines = new RecordLines();
    for (const record of records) lines.add(record);
    const { length } = lines;
    const { count, jsonLines } = lines.take();
    const text = jsonLines.toString();
    expect(text).toBe(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    expect([count, length]).toEqual([200, jsonLines.length]);
    expect(recordsIn(text)).toEqual(records);
  });

  it('begins anew when they are taken, and leaves what was taken alone', () => {
    const lines = new RecordLines();
    const large = recordWith({ id: 'a', request: 'é'.repeat(3_000_000) });
    lines.add(large);
    const first = lines.take();
    expect([lines.count, lines.length]).toEqual([0, 0]);
    const small = recordWith({ id: 'b', started_at: '2026-02-01T00:00:00.000Z' });
    lines.add(small);
    const second = lines.take();
    expect(recordsIn(first.jsonLines.toString())).toEqual([large]);
    expect(recordsIn(second.jsonLines.toString())).toEqual([small]);
    expect(second.started).toEqual({ from: small.started_at, to: small.started_at });
  });

  it('knows when the first and the last of them started, in whatever order they came', () => {
    const lines = new RecordLines();
    expect(lines.take().started).toBeNull();
    for (const second of ['05', '03', '09', '07']) {
      lines.add(recordWith({ started_at: `2026-01-31T10:20:${second}.000Z` }));
    }
    expect(lines.take().started).toEqual({
      from: '2026-01-31T10:20:03.000Z',
      to: '2026-01-31T10:20:09.000Z',
    });
  });
});

describe('recordsIn', () => {
  it('leaves out what is no record', () => {
    const record = recordWith();
    expect(recordsIn(`null\n${jsonLine(record)}{"record_id":`)).toEqual([record]);
  });
});
