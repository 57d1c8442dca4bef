const EVENTS_PER_STREAM = 126;
const JSON_REPLY_BYTES = 1200;
/** Most of the 126 events are tokens: the role, the finish and `[DONE]` are the others. */
const TOKENS_PER_STREAM = EVENTS_PER_STREAM - 3;

const words = (count) => Array.from({ length: count }, (_, index) => ` word${index % 10}`);

/** The tokens of each stream; the marked ones hold half reasoning, half answer. */
const STREAM_TOKENS = {
  plain: words(TOKENS_PER_STREAM),
  think: ['<think>', ...words(60), '</think>', ...words(TOKENS_PER_STREAM - 62)],
  harmony: [
    ...['<|channel|>', 'analysis', '<|message|>'],
    ...words(55),
    ...['<|end|>', '<|start|>', 'assistant', '<|channel|>', 'final', '<|message|>'],
    ...words(TOKENS_PER_STREAM - 64),
  ],
};

/** The body of the JSON reply: 1.2 KB of a plain answer. */
export const JSON_BODY = jsonBody();

/**
 * The event stream of a model, as the client must receive it when nothing is rewritten.
 * @param {keyof typeof STREAM_TOKENS} model
 */
export function streamBody(model) {
  return eventsOf(STREAM_TOKENS[model]).join('');
}

/** The text a model emits. @param {keyof typeof STREAM_TOKENS} model */
export function streamText(model) {
  return STREAM_TOKENS[model].join('');
}

/**
 * Every reply as finished bytes, by model name. A stream `x` comes in one HTTP chunk, as if read
 * late; `x-chunked` has a chunk for each event, as a model server frames it. `metered` is `plain`
 * from a server that was asked for usage.
 * @returns {Map<string, Buffer>}
 */
export function precomputedReplies() {
  const replies = new Map([['json', reply('application/json', JSON_BODY)]]);
  for (const [model, tokens] of Object.entries(STREAM_TOKENS)) {
    const events = eventsOf(tokens);
    replies.set(model, streamReply([events.join('')]));
    replies.set(`${model}-chunked`, streamReply(events));
  }
  const metered = eventsOf(STREAM_TOKENS.plain).toSpliced(-1, 0, USAGE_EVENT);
  replies.set('metered', streamReply([metered.join('')]));
  replies.set('metered-chunked', streamReply(metered));
  return replies;
}

/** The head of a chunked event stream. */
export const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n' +
  'Transfer-Encoding: chunked\r\n\r\n';

/** Ends a chunked body (RFC 9112 §7.1). */
export const LAST_CHUNK = '0\r\n\r\n';

/** One HTTP chunk (RFC 9112 §7.1). @param {string} text ASCII */
export function httpChunk(text) {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** One event that adds a token to the answer. @param {string} content ASCII */
export function tokenEvent(content) {
  return dataEvent({ content }, null);
}

function streamReply(chunks) {
  return Buffer.from(STREAM_HEAD + chunks.map(httpChunk).join('') + LAST_CHUNK);
}

/** @param {string} contentType @param {string} body ASCII */
export function reply(contentType, body) {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\n`;
  return Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
}

function eventsOf(tokens) {
  return [
    dataEvent({ role: 'assistant', content: '' }, null),
    ...tokens.map(tokenEvent),
    dataEvent({}, 'stop'),
    'data: [DONE]\n\n',
  ];
}

function dataEvent(delta, finishReason) {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ ...identity('chat.completion.chunk'), choices })}\n\n`;
}

function jsonBody() {
  const withContent = (content) =>
    JSON.stringify({
      ...identity('chat.completion'),
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 9, completion_tokens: 160, total_tokens: 169 },
    });
  return withContent('word '.repeat(240).slice(0, JSON_REPLY_BYTES - withContent('').length));
}

const USAGE_EVENT = `data: ${JSON.stringify({
  ...identity('chat.completion.chunk'),
  choices: [],
  usage: { prompt_tokens: 9, completion_tokens: 123, total_tokens: 132 },
})}\n\n`;

function identity(object) {
  return { id: 'chatcmpl-bench', object, created: 1_700_000_000, model: 'bench' };
}
