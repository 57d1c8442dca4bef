import { describe, expect, it } from '@jest/globals';
import { witnessedExchange } from '../../../test/support/analytics/witnessed-exchange.js';
import { type ReportedUsage } from '../../exchange/facts/tokens-of.js';
import { JsonWitness } from './json-witness.js';

/** The usage that is noted of a JSON reply that came in these deliveries. */
function usageIn(...deliveries: readonly string[]): ReportedUsage | null {
  const exchange = witnessedExchange();
  const witness = new JsonWitness(exchange, null);
  for (const delivery of deliveries) {
    if (delivery !== '') witness.see(Buffer.from(delivery));
  }
  witness.conclude();
  return exchange.facts.usage;
}

const USAGE = { prompt_tokens: 9, completion_tokens: 3 };

/** A reply with what stands before its usage, and behind it, in bytes. */
const reply = (before: number, behind: number): string =>
  JSON.stringify({ a: 'x'.repeat(before), usage: USAGE, b: 'x'.repeat(behind) });

describe('the usage of a JSON reply', () => {
  it.each([
    ['before the rest', 0, 17_000],
    ['behind the rest', 17_000, 0],
  ])('is found %s, wherever the reply is cut', (_, before, behind) => {
    const body = reply(before, behind);
    expect(usageIn(body)).toEqual(USAGE);
    for (let cut = 0; cut <= body.length; cut++) {
      if (usageIn(body.slice(0, cut), body.slice(cut)) === null) throw new Error(`cut at ${cut}`);
    }
  });

  it('is found in the first and the last 16 KiB, and no further', () => {
    const near = 16_384 - 100;
    const far = 16_384;
    for (const pieces of [1, 2, 64]) {
      const told = (body: string): ReportedUsage | null => {
        const size = Math.ceil(body.length / pieces);
        return usageIn(...(body.match(new RegExp(`.{1,${size}}`, 'g')) ?? []));
      };
      expect(told(reply(near, near))).toEqual(USAGE);
      expect(told(reply(near, 100_000))).toEqual(USAGE);
      expect(told(reply(100_000, near))).toEqual(USAGE);
      expect(told(reply(far, far))).toBeNull();
    }
  });

  it('is not what a tool is called with, wherever a short reply is cut', () => {
    const input = { usage: { input_tokens: 1, output_tokens: 2 } };
    const content = [{ type: 'tool_use', name: 'note', input }];
    const body = JSON.stringify({ type: 'message', content, usage: USAGE });
    for (let cut = 0; cut < body.length; cut++) {
      const usage = usageIn(body.slice(0, cut));
      expect([cut, usage]).toEqual([cut, cut < body.length - 1 ? null : USAGE]);
    }
    expect(usageIn(body)).toEqual(USAGE);
  });
});
