import { describe, expect, it } from '@jest/globals';
import { recordWith } from '../../../../test/support/exchange-records.js';
import { spooledBatches } from './spool-lines.js';

describe('spooledBatches', () => {
  it('gives back the records as they were written', () => {
    const records = [recordWith({ record_id: 'a' }), recordWith({ tenant: 'ünï \u2028 "x"' })];
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    const { batches, torn } = read(text);
    expect(batches.map((batch) => batch.records())).toEqual([records]);
    expect(batches.map(({ jsonLines }) => jsonLines.toString())).toEqual([text]);
    expect(torn).toBe(0);
  });

  it('skips and counts a line that was torn when the process was killed', () => {
    const whole = '{"record_id":"a"}\n';
    const line = JSON.stringify(recordWith());
    for (let length = 1; length < line.length; length++) {
      const { batches, torn } = read(whole + line.slice(0, length));
      expect(batches.map(({ jsonLines }) => jsonLines.toString())).toEqual([whole]);
      expect(torn).toBe(1);
    }
  });

  it('cuts a long text into batches of about 256 KiB, between lines', () => {
    const lines = Array.from(
      { length: 1000 },
      (_, id) => `{"record_id":${id},"x":"${'y'.repeat(700)}"}\n`,
    );
    const { batches } = read(lines.join(''));
    expect(batches.length).toBe(3);
    expect(batches.map(({ jsonLines }) => jsonLines.toString()).join('')).toBe(lines.join(''));
    for (const { jsonLines } of batches) expect(jsonLines.length).toBeLessThanOrEqual(262_144);
  });

  it('gives a line that is longer than that as a whole', () => {
    const long = `{"record_id":"a","request":"${'y'.repeat(600_000)}"}\n`;
    const { batches } = read(`${long}{"record_id":"b"}\n`);
    expect(batches.map(({ count }) => count)).toEqual([1, 1]);
  });

  it.each(['null\n', '1\n', '[]\n', '{}\n', 'x\n\n\n'])('takes %j for no record', (text) => {
    expect(read(text)).toEqual({ batches: [], torn: 1 });
  });
});

function read(text: string) {
  let torn = 0;
  const batches = [
    ...spooledBatches(text, () => {
      torn++;
    }),
  ];
  return { batches, torn };
}
