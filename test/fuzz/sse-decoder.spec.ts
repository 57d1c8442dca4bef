import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BOM } from '../../src/wire/byte-order-mark.js';
import { createFirstDataEvent } from '../../src/wire/sse/first-data-event.js';
import { createSseDecoder } from '../../src/wire/sse/sse-decoder.js';
import { encodeSseBlocks, terminated } from '../../src/wire/sse/sse-encoder.js';
import { readSseLines, sseData } from '../../src/wire/sse/sse-lines.js';
import { numRuns } from './fuzz-runs.js';

/** Byte strings in which lines, fields and their ends meet in every way. */
const stream = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r', '\n\r', '\r\n\r\n'),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          'data:',
          'data: ',
          'data',
          'event: x',
          'id:1',
          ':',
          ': c',
          'dat',
          BOM,
        ),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom('a', ' ', '{"a":1}', '[DONE]', '\u00ef', '\u00ef\u00bb'),
      },
      {
        weight: 1,
        arbitrary: fc
          .uint8Array({ maxLength: 6 })
          .map((bytes) => Buffer.from(bytes).toString('latin1')),
      },
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 });

function cut(bytes: string, lengths: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    pieces.push(bytes.slice(at, at + length));
    at += length;
  }
  return pieces;
}

interface Decoded {
  readonly blocks: readonly string[];
  /** Everything given out, in order. */
  readonly bytes: string;
  /** Most bytes held back behind a feed. */
  readonly mostHeld: number;
}

function decoded(pieces: readonly string[], maxBlockBytes?: number): Decoded {
  const blocks: string[] = [];
  let bytes = '';
  let fed = 0;
  let mostHeld = 0;
  const decoder = createSseDecoder(
    {
      onBlock: (block) => {
        blocks.push(block);
        bytes += block;
      },
      onFragment: (fragment) => (bytes += fragment),
    },
    maxBlockBytes === undefined ? {} : { maxBlockBytes },
  );
  for (const piece of pieces) {
    decoder.feed(piece);
    fed += piece.length;
    mostHeld = Math.max(mostHeld, fed - bytes.length);
  }
  decoder.end();
  return { blocks, bytes, mostHeld };
}

/** The events of a stream by the letter of WHATWG HTML §9.2.6, but that the last needs no end. */
function eventsOf(bytes: string): readonly string[] {
  const lines = (bytes.startsWith(BOM) ? bytes.slice(BOM.length) : bytes).split(/\r\n|\n|\r/);
  const events: string[] = [];
  let data: string[] = [];
  for (const line of [...lines, '']) {
    if (line === '' && data.length > 0) events.push(data.join('\n'));
    if (line === '') data = [];
    const field = /^data(?:: ?([^]*))?$/.exec(line);
    if (field !== null) data.push(field[1] ?? '');
  }
  return events;
}

describe('event streams of arbitrary bytes', () => {
  it('come out whole, however they are cut, and whatever the bound', () => {
    fc.assert(
      fc.property(
        stream,
        sizes,
        fc.option(fc.integer({ min: 1, max: 20 })),
        (bytes, lengths, bound) => {
          expect(decoded(cut(bytes, lengths), bound ?? undefined).bytes).toBe(bytes);
        },
      ),
      { numRuns },
    );
  });

  it('hold the events that the standard finds in them, however they are cut', () => {
    fc.assert(
      fc.property(stream, sizes, (bytes, lengths) => {
        const datas = decoded(cut(bytes, lengths)).blocks.map((block) =>
          sseData(readSseLines(block)),
        );
        expect(datas.filter((data) => data !== null)).toEqual(eventsOf(bytes));
      }),
      { numRuns },
    );
  });

  it('are held back no further than the bound', () => {
    fc.assert(
      fc.property(stream, sizes, fc.integer({ min: 3, max: 20 }), (bytes, lengths, bound) => {
        expect(decoded(cut(bytes, lengths), bound).mostHeld).toBeLessThanOrEqual(bound);
      }),
      { numRuns },
    );
  });

  it('keep their other lines when their data is replaced', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        for (const block of decoded([bytes]).blocks) {
          const lines = readSseLines(block);
          if (sseData(lines) === null) continue;
          const written = encodeSseBlocks(block, lines, ['{"new":1}']);
          const others = (found: ReturnType<typeof readSseLines>): readonly string[] =>
            found.filter(({ field }) => field !== 'data').map(({ raw }) => raw);
          expect(sseData(readSseLines(written))).toBe('{"new":1}');
          expect(others(readSseLines(written))).toEqual(others(lines));
        }
      }),
      { numRuns },
    );
  });

  it('end in a blank line where they did not, and else stay as they are', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        for (const block of decoded([bytes]).blocks) {
          const whole = terminated(block);
          expect(whole.startsWith(block)).toBe(true);
          expect(whole).toMatch(/(?:\r\n|\n|\r)(?:\r\n|\n|\r)$/);
        }
      }),
      { numRuns },
    );
  });

  it('begin to hold data with the first line that says so', () => {
    fc.assert(
      fc.property(stream, sizes, (bytes, lengths) => {
        const first = createFirstDataEvent();
        let isFound = false;
        for (const piece of cut(bytes, lengths)) isFound = first.feed(Buffer.from(piece, 'latin1'));
        const text = bytes.startsWith(BOM) ? bytes.slice(BOM.length) : bytes;
        // A line that has not ended counts once its colon is there.
        const isThere = text.split(/\r\n|\n|\r/).some((line, index, lines) => {
          const isLast = index === lines.length - 1;
          return line.startsWith('data:') || (line === 'data' && !isLast);
        });
        expect(isFound).toBe(isThere);
      }),
      { numRuns },
    );
  });
});
