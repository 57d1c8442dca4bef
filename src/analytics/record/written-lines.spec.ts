import { describe, expect, it } from '@jest/globals';
import { recordWith } from '../../../test/support/analytics/exchange-records.js';
import { jsonLine } from './record-lines.js';
import { wholeLines } from './written-lines.js';

const A_MIB = 1_048_576;

describe('wholeLines', () => {
  it('finds the lines as they were written, how many, and when the first and the last started', () => {
    const records = [
      recordWith({ started_at: '2026-01-31T10:20:05.000Z', path: '/"started_at":"2020' }),
      recordWith({ started_at: '2026-01-31T10:20:03.000Z', tenant: 'ünï \u2028 "x"' }),
      recordWith({ started_at: '2026-01-31T10:20:09.000Z', request: '{"started_at":"2020"}' }),
    ];
    const text = records.map((record) => jsonLine(record)).join('');
    const { found, torn } = read(text);
    expect(found).toEqual([
      {
        count: 3,
        text,
        started: { from: '2026-01-31T10:20:03.000Z', to: '2026-01-31T10:20:09.000Z' },
      },
    ]);
    expect(torn).toBe(0);
  });

  it('leaves out and counts a line that was torn when the process was killed', () => {
    const whole = jsonLine(recordWith());
    for (let length = 1; length < whole.length; length++) {
      const { texts, torn } = read(whole + whole.slice(0, length));
      expect([length, texts, torn]).toEqual([length, [whole], 1]);
    }
  });

  it('gives no more bytes at a time than are asked for, cut between lines', () => {
    const lines = Array.from({ length: 40 }, (_, index) =>
      jsonLine(recordWith({ record_id: `${index}`, request: 'y'.repeat(700 + index) })),
    );
    const maxBytes = lines.slice(0, 7).join('').length;
    const { texts } = read(lines.join(''), maxBytes);
    expect(texts[0]).toBe(lines.slice(0, 7).join(''));
    expect(texts.join('')).toBe(lines.join(''));
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(maxBytes);
  });

  it('gives a line that is longer than that by itself', () => {
    const short = jsonLine(recordWith());
    const long = jsonLine(recordWith({ request: 'y'.repeat(600_000) }));
    expect(read(short + long + short, 2 * short.length).texts).toEqual([short, long, short]);
  });

  it.each(['null\n', '1\n', '[]\n', '{}\n', '{"record_id":"a"}\n', '\0\0\0\n', 'x\n\n\n'])(
    'takes %j for no record, wherever it stands',
    (text) => {
      const line = jsonLine(recordWith());
      expect(read(text)).toEqual({ found: [], texts: [], torn: 1 });
      expect(read(line + text + line)).toMatchObject({ texts: [line, line], torn: 1 });
    },
  );
});

function read(text: string, maxBytes = A_MIB) {
  let torn = 0;
  const lines = wholeLines(Buffer.from(text), maxBytes, () => {
    torn++;
  });
  const found = Array.from(lines, ({ count, jsonLines, started }) => ({
    ...{ count, started },
    text: jsonLines.toString(),
  }));
  return { found, texts: found.map((run) => run.text), torn };
}
