import { tokensOf } from './tokens.mjs';

const MAX_CHOICES = 4;

/**
 * What a request asks for, read leniently as a model server would.
 * @typedef {object} Asked
 * @property {string} id of the completion
 * @property {number} created seconds since the epoch
 * @property {string} model
 * @property {number} choices how many answers, 1 to 4
 * @property {boolean} withUsage a stream ends with a usage chunk
 * @property {string} prompt
 * @property {object | null} call the tool call to answer with
 */

/**
 * @param {any} request parsed body of a chat or legacy completion
 * @param {{ id: string, created: number }} identity
 * @returns {Asked}
 */
export function readRequest(request, { id, created }) {
  return {
    id,
    created,
    model: request.model,
    choices: Math.min(Math.max(Math.trunc(Number(request.n ?? 1)) || 1, 1), MAX_CHOICES),
    withUsage: request.stream_options?.include_usage === true,
    prompt: JSON.stringify(request.messages ?? request.prompt ?? ''),
    call: toolCallFor(request),
  };
}

// A tool that is offered is used once; its answer is then answered in words.
function toolCallFor({ tools, tool_choice: choice, messages }) {
  const name = tools?.[0]?.function?.name;
  if (name === undefined || choice === 'none' || messages?.at(-1)?.role === 'tool') return null;
  return { id: 'call_demo', type: 'function', function: { name, arguments: '{"city":"Paris"}' } };
}

/**
 * The JSON reply.
 * @param {Asked} asked
 * @param {import('./dialects.mjs').ScriptedModel} model
 */
export function chatCompletion(asked, model) {
  const message = asked.call
    ? { role: 'assistant', ...model.message, tool_calls: [asked.call] }
    : { role: 'assistant', ...model.message };
  return {
    ...head(asked, 'chat.completion'),
    choices: indexes(asked).map((index) => ({
      index,
      message,
      logprobs: null,
      finish_reason: finishReason(asked),
    })),
    usage: usageOf(asked, model),
  };
}

/**
 * The chunks of the stream, without the final `[DONE]`: the role, one per token, the tool call,
 * the finish and, if asked for, the usage. Several choices come interleaved.
 * @param {Asked} asked
 * @param {import('./dialects.mjs').ScriptedModel} model
 * @returns {Generator<object>}
 */
export function* chatChunks(asked, model) {
  const opening = { role: 'assistant', content: '' };
  for (const delta of [opening, ...model.deltas, ...callDeltas(asked)]) {
    for (const index of indexes(asked)) yield chunk(asked, [choice(index, delta, null)]);
  }
  for (const index of indexes(asked)) {
    yield chunk(asked, [choice(index, {}, finishReason(asked))]);
  }
  if (asked.withUsage) yield { ...chunk(asked, []), usage: usageOf(asked, model) };
}

/**
 * The legacy reply, whose choices hold bare text.
 * @param {Asked} asked
 * @param {import('./dialects.mjs').ScriptedModel} model
 */
export function textCompletion(asked, model) {
  return {
    ...head(asked, 'text_completion'),
    choices: indexes(asked).map((index) => textChoice(index, textOf(model.message), 'stop')),
    usage: usageOf(asked, model),
  };
}

/**
 * The chunks of a legacy stream, without the final `[DONE]`.
 * @param {Asked} asked
 * @param {import('./dialects.mjs').ScriptedModel} model
 * @returns {Generator<object>}
 */
export function* textChunks(asked, model) {
  const chunkHead = head(asked, 'text_completion');
  for (const token of tokensOf(textOf(model.message))) {
    for (const index of indexes(asked)) {
      yield { ...chunkHead, choices: [textChoice(index, token, null)] };
    }
  }
  for (const index of indexes(asked)) {
    yield { ...chunkHead, choices: [textChoice(index, '', 'stop')] };
  }
  if (asked.withUsage) yield { ...chunkHead, choices: [], usage: usageOf(asked, model) };
}

function textOf({ content }) {
  return typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('');
}

function head({ id, created, model }, object) {
  return { id, object, created, model };
}

// The usage key is null on every chunk but the last when a client asked for usage.
function chunk(asked, choices) {
  const usage = asked.withUsage ? { usage: null } : {};
  return { ...head(asked, 'chat.completion.chunk'), choices, ...usage };
}

function choice(index, delta, finishReason) {
  return { index, delta, logprobs: null, finish_reason: finishReason };
}

function textChoice(index, text, finishReason) {
  return { index, text, logprobs: null, finish_reason: finishReason };
}

function callDeltas({ call }) {
  if (call === null) return [];
  const { arguments: text, name } = call.function;
  const opening = { index: 0, ...call, function: { name, arguments: '' } };
  return [
    opening,
    ...tokensOf(text).map((piece) => ({ index: 0, function: { arguments: piece } })),
  ].map((toolCall) => ({ tool_calls: [toolCall] }));
}

function finishReason({ call }) {
  return call === null ? 'stop' : 'tool_calls';
}

function indexes({ choices }) {
  return Array.from({ length: choices }, (_, index) => index);
}

function usageOf({ prompt, choices }, { deltas }) {
  const promptTokens = tokensOf(prompt).length;
  const completionTokens = deltas.length * choices;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
