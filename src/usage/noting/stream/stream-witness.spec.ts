import { describe, expect, it } from '@jest/globals';
import { witnessedExchange } from '../../../../test/support/analytics/witnessed-exchange.js';
import { type ExchangeFacts } from '../../../exchange/facts/exchange-facts.js';
import { StreamWitness } from './stream-witness.js';

/** What a stream is noted to have said when it came in these deliveries. */
function notedOf(deliveries: readonly string[], kind: 'messages' | 'others'): ExchangeFacts {
  const exchange = witnessedExchange();
  const witness = new StreamWitness({
    ...{ exchange, sample: null },
    form: kind === 'messages' ? 'messages' : 'stream',
  });
  for (const delivery of deliveries) {
    if (delivery !== '') witness.see(Buffer.from(delivery));
  }
  witness.conclude();
  return exchange.facts;
}

const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

describe('the usage of a stream of messages', () => {
  const start = event('message_start', {
    message: { usage: { input_tokens: 25, cache_read_input_tokens: 7, output_tokens: 1 } },
  });
  const text = event('content_block_delta', { delta: { type: 'text_delta', text: 'Hello' } });
  const end = event('message_delta', {
    delta: { stop_reason: 'end_turn' },
    usage: { output_tokens: 15 },
  });
  const usage = { input_tokens: 25, cache_read_input_tokens: 7, output_tokens: 15 };

  it.each([
    ['as it is', ''],
    ['behind a ping', event('ping', {})],
    ['behind a comment', ': connected\n\n'],
  ])('is put together %s, wherever the stream is cut', (_, before) => {
    const stream = before + start + text + end;
    for (let cut = 0; cut <= stream.length; cut++) {
      const { usage: noted } = notedOf([stream.slice(0, cut), stream.slice(cut)], 'messages');
      expect(noted).toEqual(usage);
    }
    expect(notedOf(stream.split(''), 'messages').usage).toEqual(usage);
  });

  it('tells the prompt where the stream broke off, and of the completion nothing', () => {
    const prompt = { input_tokens: 25, cache_read_input_tokens: 7 };
    const stream = start + text;
    for (let cut = 0; cut <= stream.length; cut++) {
      const { usage: noted } = notedOf([stream.slice(0, cut), stream.slice(cut)], 'messages');
      expect(noted).toEqual(prompt);
    }
  });

  it('is looked for in the first 4,096 bytes and no further', () => {
    const comment = (length: number): string => `:${'x'.repeat(length - 3)}\n\n`;
    const near = comment(4_096 - start.length);
    expect(notedOf([near, start, text, end], 'messages').usage).toEqual(usage);
    const far = comment(4_096);
    const filler = text.repeat(200);
    expect(notedOf([far, start, filler, end], 'messages').usage).toEqual({ output_tokens: 15 });
  });
});
