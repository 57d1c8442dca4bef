import { describe, expect, it } from '@jest/globals';
import { type LogLevel } from '../config/typed/settings-config.js';
import { type LoggedExchange } from './exchange-fields.js';
import { ExchangeLog } from './exchange-log.js';
import { createLogger } from './logger.js';

describe('ExchangeLog', () => {
  it('writes one line of information for an exchange that completed', () => {
    expect(linesOf('info', exchange({}))).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        msg: 'exchange finished',
        id: 'req-1',
        method: 'POST',
        path: '/v1/chat/completions',
        backend: null,
        model: null,
        requested_model: 'fast',
        status: 200,
        outcome: 'completed',
        error_code: null,
        stream: true,
        headers_ms: 12.3,
        first_byte_ms: 12.4,
        total_ms: 100,
        bytes_in: 20,
        bytes_out: 3000,
        attempts: 1,
      },
    ]);
  });

  it('warns when the backend failed', () => {
    expect(linesOf('info', exchange({ outcome: 'upstream_failed' }))).toMatchObject([
      { level: 'warn', outcome: 'upstream_failed' },
    ]);
  });

  it('writes nothing about a success where only warnings are wanted', () => {
    expect(linesOf('warn', exchange({}))).toEqual([]);
  });

  it('tells more when debugging', () => {
    expect(linesOf('debug', exchange({}))).toMatchObject([
      { rewritten: true, finish_reason: 'stop', first_reasoning_ms: 20, first_answer_ms: 50 },
    ]);
  });
});

function exchange(overrides: Partial<LoggedExchange>): LoggedExchange {
  return {
    id: 'req-1',
    method: 'POST',
    path: '/v1/chat/completions',
    route: null,
    outcome: 'completed',
    facts: {
      requestedModel: 'fast',
      stream: true,
      attempts: 1,
      status: 200,
      errorCode: null,
      bytesIn: 20,
      bytesOut: 3000,
      headersMs: 12.345,
      firstByteMs: 12.38,
      firstReasoningMs: 20,
      firstAnswerMs: 50,
      totalMs: 100,
      finishReason: 'stop',
      rewritten: true,
    },
    ...overrides,
  };
}

function linesOf(level: LogLevel, finished: LoggedExchange): unknown[] {
  const lines: unknown[] = [];
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line)),
    flush: () => Promise.resolve(),
    flushSync: () => undefined,
    droppedLines: 0,
  };
  new ExchangeLog(createLogger(level, destination), destination).finished(finished);
  return lines;
}
