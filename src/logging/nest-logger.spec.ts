import { describe, expect, it } from '@jest/globals';
import { Secret } from '../config/secret.js';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';

describe('NestLogger', () => {
  it('writes a sentence with the class it comes from', () => {
    expect(
      written((nest) => {
        nest.log('backend is up', 'BackendProber');
      }),
    ).toMatchObject([{ level: 'info', msg: 'backend is up', context: 'BackendProber' }]);
  });

  it('keeps quiet about each route that Nest maps', () => {
    expect(
      written((nest) => {
        nest.log('Mapped {/health, GET} route', 'RouterExplorer');
      }),
    ).toEqual([]);
  });

  it('writes the fields of an object beside its sentence', () => {
    expect(
      written((nest) => {
        nest.warn({ msg: 'refused', code: 'bad_request' });
      }),
    ).toMatchObject([{ level: 'warn', msg: 'refused', code: 'bad_request' }]);
  });

  it('writes an error with its stack', () => {
    const error = new Error('it broke');
    expect(
      written((nest) => {
        nest.error(error, 'ExceptionsHandler');
      }),
    ).toMatchObject([
      {
        level: 'error',
        msg: 'it broke',
        context: 'ExceptionsHandler',
        err: { stack: error.stack },
      },
    ]);
  });

  it('finds the error behind a sentence', () => {
    expect(
      written((nest) => {
        nest.error('listener failed', new Error('it broke'), 'Event');
      }),
    ).toMatchObject([{ msg: 'listener failed', context: 'Event', err: { message: 'it broke' } }]);
  });

  it('masks a secret among the fields', () => {
    expect(
      written((nest) => {
        nest.log({ msg: 'x', key: new Secret('sk-sentinel') });
      }),
    ).toMatchObject([{ key: '[secret]' }]);
  });
});

function written(write: (nest: NestLogger) => void): unknown[] {
  const lines: unknown[] = [];
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line)),
    flush: () => Promise.resolve(),
    flushSync: () => undefined,
    droppedLines: 0,
  };
  write(new NestLogger(createLogger('info', destination)));
  return lines;
}
