import { describe, expect, it } from '@jest/globals';
import { DONE, FINISH, usageEvent } from '../../test/support/chat-events.js';
import { UsageWithholder } from './usage-withholder.js';

const delta = (text: string): string =>
  `data: {"id":"c","choices":[{"index":0,"delta":{"content":"${text}"}}],"usage":null}\n\n`;
const COUNTED = { prompt_tokens: 9, completion_tokens: 3 };
const USAGE = usageEvent(COUNTED);

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
    ['that is no JSON', 'data: {"choices":[],"usage":{]}\n\ndata: "usage"\n\n'],
    ['that says usage in a text', delta('\\"usage\\":{}') + DONE],
    ['that does not end', delta('a') + FINISH.trimEnd()],
    ['with a byte order mark', `\u00ef\u00bb\u00bf${delta('a')}${DONE}`],
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
