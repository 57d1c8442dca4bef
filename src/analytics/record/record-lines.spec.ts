import { describe, expect, it } from '@jest/globals';
import { recordWith } from '../../../test/support/exchange-records.js';
import { jsonLine, RecordLines, recordsIn } from './record-lines.js';

describe('RecordLines', () => {
  it('keeps records as lines, in order, however many', () => {
    const records = Array.from({ length: 200 }, (_, index) => recordWith({ id: `ü ${index}\n` }));
    const lines = new RecordLines();
    for (const record of records) lines.add(record);
    const { text } = lines;
    expect(text).toBe(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    expect([lines.count, lines.length]).toEqual([200, text.length]);
    expect(recordsIn(text)).toEqual(records);
  });

  it('knows when the first and the last of them started, in whatever order they came', () => {
    const lines = new RecordLines();
    expect(lines.started).toBeNull();
    for (const second of ['05', '03', '09', '07']) {
      lines.add(recordWith({ started_at: `2026-01-31T10:20:${second}.000Z` }));
    }
    expect(lines.started).toEqual({
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
