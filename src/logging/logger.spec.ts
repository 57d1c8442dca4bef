import { describe, expect, it } from '@jest/globals';
import { createLogger, writeLine } from './logger.js';

describe('createLogger', () => {
  it('writes the level as a word, the time in ISO 8601, and neither process nor host', () => {
    const { lines, destination } = memory();
    createLogger('info', destination).info({ backend: 'local' }, 'backend is up');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(ISO_8601),
        backend: 'local',
        msg: 'backend is up',
      },
    ]);
  });

  it('writes the harmless fields of an error alone', () => {
    const { lines, destination } = memory();
    const err = Object.assign(new Error('refused'), { headers: { authorization: 'sk-sentinel' } });
    createLogger('info', destination).error({ err }, 'probe failed');
    expect(lines).toMatchObject([{ err: { type: 'Error', message: 'refused' } }]);
    expect(JSON.stringify(lines)).not.toContain('sk-sentinel');
  });

  it('writes out what is buffered before a fatal line returns', () => {
    const { destination, flushes } = memory();
    createLogger('info', destination).fatal('it is over');
    expect(flushes).toEqual(['sync']);
  });
});

describe('writeLine', () => {
  it('writes the same line as the logger', () => {
    const { lines, destination } = memory();
    createLogger('info', destination).warn({ id: 'a"b', status: null, ms: 1.5 }, 'it ended');
    writeLine(destination, {
      ...{ level: 'warn', msg: 'it ended' },
      fields: { id: 'a"b', status: null, ms: 1.5 },
    });
    const [byLogger, direct] = lines.map((line) => ({ ...line, time: 'then' }));
    expect(JSON.stringify(direct)).toBe(JSON.stringify(byLogger));
  });
});

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function memory() {
  const lines: Record<string, unknown>[] = [];
  const flushes: string[] = [];
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    flush: () => Promise.resolve(),
    flushSync: () => void flushes.push('sync'),
    droppedLines: 0,
  };
  return { lines, flushes, destination };
}
