import { describe, expect, it } from '@jest/globals';
import { witnessedExchange } from '../../../../test/support/analytics/witnessed-exchange.js';
import { FirstTokens } from './first-tokens.js';

interface Begun {
  readonly reasoning: boolean;
  readonly answer: boolean;
}

/** What has begun after each of these deliveries. */
function begunIn(deliveries: readonly string[]): readonly Begun[] {
  const exchange = witnessedExchange();
  const firstTokens = new FirstTokens(exchange);
  let isDone = false;
  return deliveries.map((delivery) => {
    if (!isDone && delivery !== '') isDone = firstTokens.look(Buffer.from(delivery));
    const { firstReasoningMs, firstAnswerMs } = exchange.facts;
    return { reasoning: firstReasoningMs !== null, answer: firstAnswerMs !== null };
  });
}

const NOTHING: Begun = { reasoning: false, answer: false };
const THOUGHT: Begun = { reasoning: true, answer: false };
const ANSWER: Begun = { reasoning: false, answer: true };
const BOTH: Begun = { reasoning: true, answer: true };

const event = (delta: object, rest: object = {}): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, ...rest }] })}\n\n`;

/** As with `top_logprobs`: longer than a delivery of which all is looked at. */
const LOGPROBS = {
  logprobs: {
    content: Array.from({ length: 20 }, (_, at) => ({
      ...{ token: `token ${at}`, logprob: -1.234567, bytes: [1, 2, 3] },
    })),
  },
};

const ROLE = event({ role: 'assistant', content: '' }, LOGPROBS);
const THINKS = event({ reasoning_content: 'hm ', content: null }, LOGPROBS);
const SAYS = event({ reasoning_content: null, content: 'word ' }, LOGPROBS);
const END =
  event({ reasoning_content: null, content: '' }, { finish_reason: 'stop', ...LOGPROBS }) +
  'data: [DONE]\n\n';

describe('the first tokens of a stream', () => {
  it('are seen in events that are longer than what is looked at of a delivery', () => {
    expect(SAYS.length).toBeGreaterThan(1_024);
    expect(begunIn([ROLE, THINKS, THINKS, SAYS, SAYS])).toEqual([
      NOTHING,
      THOUGHT,
      THOUGHT,
      BOTH,
      BOTH,
    ]);
    expect(begunIn([ROLE, SAYS])).toEqual([NOTHING, ANSWER]);
  });

  it('are seen wherever the stream is cut', () => {
    const stream = ROLE + THINKS + SAYS + END;
    const thought = ROLE.length + THINKS.length;
    for (let cut = 0; cut <= stream.length; cut++) {
      const [begun, ended] = begunIn([stream.slice(0, cut), stream.slice(cut)]);
      expect(ended).toEqual(BOTH);
      expect(begun?.reasoning).toBe(cut >= thought);
      // What follows an event may be what tells that it is over.
      if (cut < thought) expect(begun?.answer).toBe(false);
      if (cut >= thought + SAYS.length) expect(begun?.answer).toBe(true);
    }
  });

  it('are seen in one delivery of many events, whatever stands at its end', () => {
    const short = { thinks: event({ reasoning: 'hm ' }), says: event({ content: 'word ' }) };
    const thoughts = short.thinks.repeat(100);
    const words = short.says.repeat(100);
    expect(begunIn([thoughts])).toEqual([THOUGHT]);
    expect(begunIn([thoughts, thoughts, words])).toEqual([THOUGHT, THOUGHT, BOTH]);
    for (const end of ['', END, END + END]) {
      expect(begunIn([thoughts + words + end])).toEqual([BOTH]);
      expect(begunIn([words + end])).toEqual([ANSWER]);
      expect(begunIn([END + words + end])).toEqual([ANSWER]);
    }
    const crlf = (thoughts + words + END).replaceAll('\n', '\r\n');
    expect(begunIn([crlf])).toEqual([BOTH]);
  });

  it('are seen between thoughts of one delivery, as where a model thinks once more', () => {
    const thoughts = event({ reasoning: 'hm ' }).repeat(100);
    expect(begunIn([thoughts + event({ content: 'word ' }) + thoughts])).toEqual([BOTH]);
    const call = { tool_calls: [{ function: { name: 'look', arguments: '' } }] };
    expect(begunIn([thoughts + event(call) + thoughts])).toEqual([BOTH]);
  });

  it('are not begun by a thought that is null, empty or a word of the answer', () => {
    for (const none of [null, '', []]) {
      expect(begunIn([event({ reasoning: none, content: 'Hi' })])).toEqual([ANSWER]);
      expect(begunIn([event({ reasoning: none, content: '' })])).toEqual([NOTHING]);
    }
    expect(begunIn([event({ content: 'my "reasoning": "x"' })])).toEqual([ANSWER]);
  });

  it('are not looked for in an event of more than 64 KiB', () => {
    const long = event({ content: 'x'.repeat(65_536) });
    const near = event({ content: 'x'.repeat(65_000) });
    const begin = event({ role: 'assistant', reasoning: 'hm' });
    const halves = (text: string): [string, string] => [text.slice(0, -2), text.slice(-2)];
    expect(begunIn([begin, ...halves(long)])).toEqual([THOUGHT, THOUGHT, THOUGHT]);
    expect(begunIn([begin, ...halves(near)])).toEqual([THOUGHT, THOUGHT, BOTH]);
    expect(begunIn([begin, ...halves(long), SAYS])[3]).toEqual(BOTH);
  });
});
