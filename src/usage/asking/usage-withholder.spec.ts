import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numRuns } from '../../../test/fuzz/fuzz-runs.js';
import { DONE, FINISH, usageEvent } from '../../../test/support/upstream/chat-events.js';
import { UsageWithholder } from './usage-withholder.js';

const delta = (text: string): string =>
  `data: {"id":"c","choices":[{"index":0,"delta":{"content":"${text}"}}],"usage":null}\n\n`;
/** In Latin-1, as all text here. */
const BOM = '\u00ef\u00bb\u00bf';
const COUNTED = { prompt_tokens: 9, completion_tokens: 3 };
const USAGE = usageEvent(COUNTED);

/** A usage event with other members. */
const usageAnd = (members: string): string =>
  `data: {${members}"usage":{"prompt_tokens":9,"completion_tokens":3}}\n\n`;

/** What a client receives of the pieces, and which usages were taken out. */
function withheld(pieces: readonly string[]): { text: string; usages: unknown[] } {
  const usages: unknown[] = [];
  const withholder = new UsageWithholder((usage) => usages.push(usage));
  const out = pieces.map((piece) => withholder.feed(Buffer.from(piece, 'latin1')));
  return { text: Buffer.concat([...out, withholder.end()]).toString('latin1'), usages };
}

/** The stream in one piece, byte by byte, and in two pieces and three for every place to cut. */
function* splits(text: string): Generator<readonly string[]> {
  yield [text];
  yield text.split('');
  for (let at = 1; at < text.length; at++) {
    yield [text.slice(0, at), text.slice(at)];
    yield [text.slice(0, at), text.slice(at, at + 5), text.slice(at + 5)];
  }
}

const lineEnds = [
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR', '\r'],
] as const;

describe('UsageWithholder', () => {
  it.each(lineEnds)('takes the usage chunk out, however the stream is cut (%s)', (_, end) => {
    const written = (text: string): string => text.replaceAll('\n', end);
    const stream = written(delta('a') + delta('b') + FINISH + USAGE + DONE);
    const rest = written(delta('a') + delta('b') + FINISH + DONE);
    for (const pieces of splits(stream)) {
      expect(withheld(pieces)).toEqual({ text: rest, usages: [COUNTED] });
    }
  });

  it('finds it in any form that an event may have', () => {
    const forms = [
      'data:{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3}}\n\n',
      'data: {"choices" : [ ],\ndata: "usage" : {"prompt_tokens":9,"completion_tokens":3}}\n\n',
      'event: chunk\nid: 7\ndata: {"usage":{"prompt_tokens":9,"completion_tokens":3},"choices":[]}\n\n',
    ];
    for (const form of forms) {
      for (const pieces of splits(delta('a') + form + DONE)) {
        expect(withheld(pieces)).toEqual({ text: delta('a') + DONE, usages: [COUNTED] });
      }
    }
  });

  it.each([
    ['before a choice', '', usageAnd('"choices":[],'), delta('a') + FINISH],
    ['between choices', delta('a'), usageAnd('"choices":[],'), FINISH],
    ['without choices', delta('a'), usageAnd(''), FINISH],
    ['with choices that are null', delta('a'), usageAnd('"choices":null,'), FINISH],
    ['with an error that is null', delta('a'), usageAnd('"choices":[],"error":null,'), FINISH],
    ['before one beside a choice', '', usageAnd(''), delta('a').replace('null', '{"n":1}')],
    ['behind one beside a choice', delta('a').replace('null', '{"n":1}'), usageAnd(''), ''],
    ['that speaks of choices', delta('a'), usageAnd('"id":"\\"choices\\":[1]",'), FINISH],
  ])('takes out a usage %s', (_, before, usage, behind) => {
    for (const pieces of splits(before + usage + behind + DONE)) {
      expect(withheld(pieces)).toEqual({ text: before + behind + DONE, usages: [COUNTED] });
    }
  });

  it('takes out each of several in one delivery, in their order', () => {
    const usages = [1, 2, 3].map((count) => `data: {"choices":[],"usage":{"n":${count}}}\n\n`);
    const [first = '', second = '', third = ''] = usages;
    const stream = first + delta('a') + second + third + DONE;
    for (const pieces of splits(stream)) {
      expect(withheld(pieces)).toEqual({
        text: delta('a') + DONE,
        usages: [{ n: 1 }, { n: 2 }, { n: 3 }],
      });
    }
  });

  it.each([
    ['a comment before it speaks of a choice', ': "choices":[{}]\n', 'data: {"choices":[],', ''],
    ['its usage has choices', '', 'data: {', ',"choices":[1]'],
    ['its first line is empty', '', 'data:\n{"choices":[1],\ndata: {', ''],
    ['its first line goes on in one that is none', '', 'data: {\n"choices":[1],\ndata: ', ''],
    ['the stream begins with a byte order mark', BOM, 'data: {"choices":[],', ''],
    ['a byte order mark is before a comment', `${BOM}: a\n`, 'data: {"choices":[],', ''],
  ])('takes it out where %s', (_, kept, begun, member) => {
    const usage = `${begun}"usage":{"prompt_tokens":9${member}}}\n\n`;
    const rest = delta('a') + DONE;
    for (const pieces of splits(kept + usage + rest)) {
      const { text, usages } = withheld(pieces);
      expect(text).toBe(kept + rest);
      expect(usages).toMatchObject([{ prompt_tokens: 9 }]);
    }
  });

  it('takes it out of a stream that is nothing but a byte order mark and the usage', () => {
    for (const pieces of splits(BOM + USAGE.trimEnd())) {
      expect(withheld(pieces)).toEqual({ text: BOM, usages: [COUNTED] });
    }
  });

  it('takes a byte order mark for part of a name where the stream has begun', () => {
    const stream = delta('a') + BOM + USAGE + DONE;
    for (const pieces of [...splits(stream), ...splits(USAGE + BOM + USAGE)]) {
      const { text } = withheld(pieces);
      expect(text).toBe(pieces.join('').startsWith(BOM, USAGE.length) ? BOM + USAGE : stream);
    }
  });

  it('keeps the comments around it', () => {
    const stream = `${delta('a')}: ping\n\n: with it\n${USAGE}: behind\n\n${DONE}`;
    for (const pieces of splits(stream)) {
      const { text, usages } = withheld(pieces);
      expect(usages).toEqual([COUNTED]);
      expect(text).toBe(`${delta('a')}: ping\n\n: with it\n: behind\n\n${DONE}`);
    }
  });

  it.each([
    ['without usage', delta('a') + FINISH + DONE],
    [
      'with usage beside a choice',
      delta('a') + FINISH.replace(']}\n', '],"usage":{"total_tokens":1}}\n') + DONE,
    ],
    [
      'with a chunk that has no choice and no usage',
      `data: {"choices":[],"prompt_filter_results":[]}\n\n${delta('a')}${DONE}`,
    ],
    [
      'with usage beside every choice',
      [delta('a'), delta('b'), FINISH.replace(']}\n', '],"usage":null}\n')]
        .join('')
        .replaceAll('null', '{"total_tokens":1}') + DONE,
    ],
    [
      'with an error that has usage',
      `data: {"error":{"code":1},"usage":{"prompt_tokens":1}}\n\n${delta('a')}`,
    ],
    [
      'with an event of an error',
      `event: error\ndata: {"usage":{"prompt_tokens":1}}\n\n${delta('a')}`,
    ],
    [
      'with usage of something else than tokens',
      `data: {"output":"42","usage":{"seconds":1}}\n\n${delta('a')}${DONE}`,
    ],
    [
      'with usage in an event of a type of its own',
      `data: {"type":"tool_result","usage":{"prompt_tokens":1}}\n\n${delta('a')}${DONE}`,
    ],
    ['with usage that is no object', `data: {"usage":[1]}\n\ndata: {"usage":7}\n\n${DONE}`],
    [
      'with usage in the second line of an event that is no JSON',
      'data: {"choices":[{}]}\ndata: {"usage":{"n":1}}\n\n',
    ],
    ['with usage that is deeper', `data: {"x":{"usage":{"n":1}}}\n\n${delta('a')}${DONE}`],
    ['that is no JSON', 'data: {"choices":[],"usage":{]}\n\ndata: "usage"\n\n'],
    ['that says usage in a text', delta('\\"usage\\":{}') + DONE],
    ['that does not end', delta('a') + FINISH.trimEnd()],
    ['with a byte order mark', `${BOM}${delta('a')}${DONE}`],
    ['of other things', 'retry: 5\n\n\n\nnonsense\n\n\r\n\r\r\n'],
  ])('passes every byte of a stream %s', (_, stream) => {
    for (const pieces of splits(stream)) {
      expect(withheld(pieces)).toEqual({ text: stream, usages: [] });
    }
  });

  it('takes out a usage chunk that the stream ends with, unfinished', () => {
    const stream = delta('a') + USAGE.trimEnd();
    for (const pieces of splits(stream)) {
      expect(withheld(pieces)).toEqual({ text: delta('a'), usages: [COUNTED] });
    }
  });

  it.each([DONE, ''])('keeps what follows %p where the comments left take more bytes', (rest) => {
    // The first line of the event ends in CRLF, and so then do its comments.
    const usage = USAGE.replace('\n\n', '\r\n');
    const { text, usages } = withheld([`${usage}${':\n'.repeat(200)}\n${rest}`]);
    expect(usages).toEqual([COUNTED]);
    expect(text).toBe(':\r\n'.repeat(200) + rest);
  });

  it('tells the usage of an event that is held when the stream breaks off', () => {
    const usages: unknown[] = [];
    const withholder = new UsageWithholder((usage) => usages.push(usage));
    expect(withholder.feed(Buffer.from(USAGE.slice(0, -1)))).toHaveLength(0);
    withholder.conclude();
    withholder.conclude();
    expect(usages).toEqual([COUNTED]);
  });

  it('gives back the very buffer to which nothing happens', () => {
    const withholder = new UsageWithholder(() => undefined);
    const chunk = Buffer.from(delta('a') + delta('b'));
    expect(withholder.feed(chunk)).toBe(chunk);
    const torn = Buffer.from(delta('c').slice(0, 60));
    expect(withholder.feed(torn)).toBe(torn);
  });

  it('lets an event go whose beginning shows a choice, and holds one that may be the usage', () => {
    const withholder = new UsageWithholder(() => undefined);
    const passed = (text: string): string =>
      Buffer.from(withholder.feed(Buffer.from(text))).toString();
    expect(passed('data: {"choices":[{"delta":{"cont')).toBe('data: {"choices":[{"delta":{"cont');
    expect(passed('ent":"a"}}]}\n')).toBe('ent":"a"}}]}');
    expect(passed('\n')).toBe('\n\n');
    expect(passed('data: {"choices":[')).toBe('');
    expect(passed('],"error":1}\n\n')).toBe('data: {"choices":[],"error":1}\n\n');
  });

  it.each(['data: [', 'data:[DONE]', 'data: \t"'])('lets %j go, which begins no chunk', (begun) => {
    for (const before of ['', delta('a')]) {
      const withholder = new UsageWithholder(() => undefined);
      const out = (before + begun).split('').map((byte) => withholder.feed(Buffer.from(byte)));
      expect(Buffer.concat(out).toString()).toBe(before + begun);
    }
  });

  it.each(['data: ', 'data:\n', 'event: x\ndata: [', ': c\nid: 1\n'])(
    'holds %j, behind which one may come',
    (begun) => {
      const withholder = new UsageWithholder(() => undefined);
      const event = begun.replace(/^: c\n/, '');
      expect(withholder.feed(Buffer.from(begun))).toHaveLength(begun.length - event.length);
    },
  );

  it('lets a comment go as soon as its line is whole', () => {
    const withholder = new UsageWithholder(() => undefined);
    const passed = (text: string): string =>
      Buffer.from(withholder.feed(Buffer.from(text))).toString();
    expect(passed(': pi')).toBe('');
    expect(passed('ng\n')).toBe(': ping\n');
    expect(passed(USAGE)).toBe('');
  });

  it('holds no more than 64 KiB of an event', () => {
    const withholder = new UsageWithholder(() => undefined);
    const begun = `data: {"choices":[],"x":"${'a'.repeat(65_536 - 25)}`;
    expect(begun).toHaveLength(65_536);
    expect(withholder.feed(Buffer.from(begun))).toHaveLength(0);
    expect(withholder.feed(Buffer.from('b'))).toHaveLength(65_537);
    expect(withholder.feed(Buffer.from(`"}\n\n${DONE}`))).toHaveLength(4 + DONE.length);
  });
});

describe('UsageWithholder, beside a reader of whole events', () => {
  /** An event as lines, and what of it the client is to get. */
  interface Event {
    readonly lines: readonly string[];
    readonly kept: readonly string[];
    readonly usage: unknown;
  }

  const passing = (lines: readonly string[]): Event => ({
    lines,
    kept: [...lines, ''],
    usage: null,
  });

  /** Reads one event in the plainest way. */
  function eventOf(lines: readonly string[]): Event {
    const data = lines
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).trimStart())
      .join('\n');
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      return passing(lines);
    }
    const chunk = new Map<string, unknown>(Object.entries(value ?? {}));
    const usage = chunk.get('usage');
    const choices = chunk.get('choices') ?? [];
    const isUsage =
      typeof usage === 'object' &&
      usage !== null &&
      !Array.isArray(usage) &&
      Array.isArray(choices) &&
      choices.length === 0 &&
      (chunk.has('choices') || ('prompt_tokens' in usage && !chunk.has('type'))) &&
      (chunk.get('error') ?? null) === null &&
      !lines.includes('event: error');
    if (!isUsage) return passing(lines);
    return { lines, kept: lines.filter((line) => line.startsWith(':')), usage };
  }

  const usage = fc.constantFrom(
    ...['null', '{}', '{"n":1}', '{"n":{"m":[2]}}', '[]', '3'],
    ...['{"prompt_tokens":5}', '{"choices":[1],"prompt_tokens":7}', '{"prompt_tokens":6,"x":[0]}'],
  );
  const choices = fc.constantFrom(
    ...['', '"choices":[],', '"choices" : [ ],', '"choices":null,'],
    ...[
      '"choices":[{"index":0,"delta":{"content":"x"}}],',
      '"choices": [ {"text":"\\"usage\\":{}"} ],',
    ],
  );
  const extra = fc.constantFrom(
    ...['', '"error":null,', '"error":{"code":7},', '"id":"\\"usage\\":{\\"n\\":1}",'],
    ...[
      '"type":"x",',
      '"deep":{"usage":{"n":9}},',
      '"usage_note":"usage",',
      `"long":"${'y'.repeat(1_100)}",`,
    ],
  );
  const json = fc
    .tuple(extra, choices, usage, fc.constantFrom('"usage":', '"usage" : ', '"used":'))
    .map(([before, chosen, used, name]) => `{${before}${chosen}${name}${used}}`);
  const dataLines = fc.oneof(
    { weight: 6, arbitrary: json.map((text) => [`data: ${text}`]) },
    { weight: 1, arbitrary: json.map((text) => [`data:${text.replace('"us', '\ndata: "us')}`]) },
    { weight: 1, arbitrary: fc.constantFrom(['data: [DONE]'], ['data: {"usage":{'], ['id: 1']) },
  );
  const event = fc
    .tuple(
      fc.constantFrom(
        [],
        [],
        [],
        ['event: error'],
        ['id: 7', 'event: chunk'],
        [': "usage":{}'],
        [': "choices":[1]'],
      ),
      dataLines,
      fc.constantFrom([], [], [], [': behind']),
    )
    .map(([before, data, behind]) =>
      eventOf([...before, ...data.flatMap((line) => line.split('\n')), ...behind]),
    );
  const stream = fc.tuple(
    fc.constantFrom('', '', BOM),
    fc.array(event, { maxLength: 8 }),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.array(fc.nat({ max: 3_000 }), { maxLength: 6 }),
  );

  it('gives the same however the stream is cut', () => {
    fc.assert(
      fc.property(stream, ([bom, events, end, places]) => {
        const written = (lines: readonly string[]): string =>
          lines.map((line) => line + end).join('');
        const text = bom + events.map(({ lines }) => written([...lines, ''])).join('');
        const cuts = places.filter((at) => at < text.length).sort((a, b) => a - b);
        const pieces = [...cuts, text.length].map((at, index) =>
          text.slice(index === 0 ? 0 : cuts[index - 1], at),
        );
        expect(withheld(pieces)).toEqual({
          text: bom + events.map(({ kept }) => written(kept)).join(''),
          usages: events.map((seen) => seen.usage).filter((seen) => seen !== null),
        });
      }),
      { numRuns },
    );
  });
});
