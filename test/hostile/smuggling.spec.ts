import { afterEach, describe, expect, it } from '@jest/globals';
import { limits } from '../support/gateway/config.js';
import { useAttackScene } from './attack-scene.js';
import {
  BROKEN_CODINGS,
  DISGUISED_FIELDS,
  OTHER_FIELDS,
  PROPER_CODINGS,
} from './transfer-coding-gadgets.js';

const SMUGGLED = 'GET /v1/smuggled HTTP/1.1\r\nHost: x\r\n\r\n';

/** The last chunk, and behind it what is a request to those who read chunks. */
const ENDED = `0\r\n\r\n${SMUGGLED}`;

/** One chunk, in which there is a request to those who read a length of four. */
const CHUNKED = `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`;

const REFUSED = { statuses: [400], isClosed: true, carried: [] };

// What waits for more bytes is told so, and need not be waited for long.
const scene = useAttackScene({ limits: limits({ requestMs: 500 }) });

function post(lines: readonly string[], body: string): string {
  return `${['POST /v1/files HTTP/1.1', 'Host: a', ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** Ways to say two things about where a body ends. */
const AMBIGUITIES: readonly (readonly [name: string, make: (line: string) => string])[] = [
  ['CL.TE', (line) => post([`Content-Length: ${ENDED.length}`, line], ENDED)],
  ['TE.CL', (line) => post([line, 'Content-Length: 4'], CHUNKED)],
  ['TE.TE', (line) => post(['Transfer-Encoding: chunked', line], ENDED)],
  ['TE.TE in the other order', (line) => post([line, 'Transfer-Encoding: chunked'], ENDED)],
  ['CL.0', (line) => post(['Content-Length: 0', line], ENDED)],
];

const ALONE = (line: string): string => post([line], ENDED);

afterEach(() => {
  expect(scene().upstream.faults).toEqual([]);
});

describe('a transfer coding that is none, and a request behind the body', () => {
  it.each(BROKEN_CODINGS)('is refused, whatever else says the length: $name', async ({ line }) => {
    for (const [form, make] of [...AMBIGUITIES, ['alone', ALONE] as const]) {
      const outcome = await scene().attack(make(line));
      expect({ form, ...outcome }).toEqual({ form, ...REFUSED });
    }
  });

  it.each(DISGUISED_FIELDS)('is refused in disguise: $name', async ({ line }) => {
    for (const [form, make] of [...AMBIGUITIES, ['alone', ALONE] as const]) {
      const outcome = await scene().attack(make(line));
      expect({ form, ...outcome }).toEqual({ form, ...REFUSED });
    }
  });
});

describe('a proper transfer coding', () => {
  it.each(PROPER_CODINGS)('is refused beside another length: $name', async ({ line }) => {
    for (const [form, make] of AMBIGUITIES) {
      const outcome = await scene().attack(make(line));
      expect({ form, ...outcome }).toEqual({ form, ...REFUSED });
    }
  });

  it.each(PROPER_CODINGS)(
    'ends the body where the next request begins: $name',
    async ({ line }) => {
      const { statuses, isClosed, carried } = await scene().attack(ALONE(line));
      expect([statuses, isClosed]).toEqual([[200, 200], false]);
      const seen = carried.map(({ target, body }) => [target, body]).sort();
      expect(seen).toEqual([
        ['/v1/files', ''],
        ['/v1/smuggled', ''],
      ]);
    },
  );

  it('is refused in HTTP/1.0, which has none', async () => {
    const bytes = ALONE('Transfer-Encoding: chunked\r\nConnection: keep-alive');
    expect(await scene().attack(bytes.replace('HTTP/1.1', 'HTTP/1.0'))).toEqual(REFUSED);
  });
});

describe('a field that only looks like a transfer coding', () => {
  it.each(OTHER_FIELDS)('leaves the length in force: $name', async ({ line }) => {
    const bytes = post([`Content-Length: ${ENDED.length}`, line], ENDED);
    const { statuses, isClosed, carried } = await scene().attack(bytes);
    expect([statuses, isClosed]).toEqual([[200], false]);
    expect(carried.map(({ target, body }) => [target, body])).toEqual([['/v1/files', ENDED]]);
  });
});
