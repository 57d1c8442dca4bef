import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numRuns } from '../fuzz/fuzz-runs.js';
import { limits } from '../support/gateway/config.js';
import { readStrictly, type StrictRequest } from '../support/upstream/strict-http.js';
import { CANARY_REQUEST, useAttackScene } from './attack-scene.js';

// Whatever waits for more bytes is told so soon.
const scene = useAttackScene({ limits: limits({ requestMs: 50 }) });

const LINE_ENDS = ['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\n ', '\n\r'];

const line = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('Content-Length: 5', 'Content-Length: 0', 'Content-Length: 25'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('Transfer-Encoding: chunked', 'transfer-encoding:chunked'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        'Content-Length: +5',
        'Content-Length: 05',
        'Content-Length:5 ',
        'Content-Length: 5,5',
        'Content-Length',
      ],
      ...[
        'Transfer-Encoding: xchunked',
        'Transfer-Encoding: gzip, chunked',
        'Transfer-Encoding : chunked',
      ],
      ...[
        'Transfer-Encoding:\x0bchunked',
        'Transfer_Encoding: chunked',
        'Host: b',
        'Expect: 100-continue',
      ],
      ...[
        'Connection: content-length',
        'Connection: keep-alive',
        'Upgrade: h2c',
        'X: \x00',
        ': x',
        '',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 10 }) },
);

const body = fc.constantFrom(
  ...[
    '',
    'hello',
    '5\r\nhello\r\n0\r\n\r\n',
    '0\r\n\r\n',
    '5\nhello\n0\n\n',
    '5;x\r\nhello\r\n0\r\nX: y\r\n\r\n',
  ],
  ...['fffffffffffffffff\r\n', '-1\r\n', 'GET /v1/smuggled HTTP/1.1\r\nHost: x\r\n\r\n'],
  ...['0\r\n\r\nGET /v1/smuggled HTTP/1.1\r\nHost: x\r\n\r\n'],
);

const head = fc.tuple(
  fc.constantFrom('POST /v1/files', 'GET /v1/models', 'PUT /v1/x', 'OPTIONS /v1/x'),
  fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/1.2'),
  fc.array(fc.tuple(line, fc.constantFrom(...LINE_ENDS)), { maxLength: 3 }),
);

/** Requests of which most are wrong by a hair, one behind the other. */
const bytes = fc.array(fc.tuple(head, body), { minLength: 1, maxLength: 3 }).map((requests) =>
  requests
    .map(([[request, version, lines], content]) => {
      const fields = lines.map(([text, end]) => text + end).join('');
      return `${request} ${version}\r\nHost: a\r\n${fields}\r\n${content}`;
    })
    .join(''),
);

const told = ({ method, target, body: content }: StrictRequest): string =>
  `${method} ${target} ${content}`;

describe('any bytes of a client', () => {
  it('reach the backend as the requests that a strict reader finds in them, or not at all', async () => {
    const strictly = (text: string): readonly string[] =>
      readStrictly(text, { emptyLines: 'skipped' }).requests.map(told);
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        const { carried } = await scene().attack(sent);
        const expected = [...strictly(sent + CANARY_REQUEST)];
        for (const request of carried.map(told)) {
          const at = expected.indexOf(request);
          expect({ request, isExpected: at >= 0 }).toEqual({ request, isExpected: true });
          expected.splice(at, 1);
        }
        expect(scene().upstream.faults).toEqual([]);
      }),
      { numRuns: Math.ceil(numRuns / 5) },
    );
  });
});
