import { ANSWER } from '../demo/dialects.mjs';
import { FAULTS } from './scripts.mjs';

const QUESTION = [{ role: 'user', content: 'What is the capital of France?' }];
const OUTPUTS = ['keep', 'strip', 'tags', 'reasoning_content', 'reasoning', 'both'];
const MODELS = ['think', 'harmony', 'field-reasoning_content', 'plain'];
/** Prime to the length of any mix, so that its kinds come well stirred and in the same order. */
const STRIDE = 7919;

/**
 * A kind of request, and what its client does.
 * @typedef {object} Kind
 * @property {string} name
 * @property {'read' | 'read-slowly' | 'leave-in-body' | 'leave-before-head' | 'leave-at-head'
 *   | 'leave-midway'} conduct
 * @property {'whole' | 'any'} expected whether its reply must come whole; with `any` it may fail
 * @property {string} method
 * @property {string} path
 * @property {Record<string, string>} headers
 * @property {object | null} body
 * @property {(text: string) => boolean} isRight whether a whole reply says what it should
 */

/** @type {readonly Kind[]} */
const MIX = [
  ...MODELS.flatMap((model) => OUTPUTS.map((output) => chat({ model, output }))),
  ...MODELS.flatMap((model) =>
    [...OUTPUTS, ...OUTPUTS].map((output) => chat({ model, output, stream: true })),
  ),
  ...times(10, plain('embeddings', '/v1/embeddings', { model: 'embed', input: ['a', 'b'] })),
  ...times(6, plain('legacy', '/v1/completions', { model: 'think', prompt: 'Capital?' })),
  ...times(3, { ...plain('models', '/v1/models', null), method: 'GET' }),
  ...times(2, leaving('leave-in-body', {})),
  ...times(2, leaving('leave-before-head', { script: 'stall-head', model: 'fragile' })),
  ...times(2, leaving('leave-at-head', {})),
  ...times(2, leaving('leave-midway', {})),
  {
    ...chat({ script: 'long', stream: true }),
    name: 'slow reader',
    conduct: 'read-slowly',
    isRight: endsWell,
  },
  ...Object.keys(FAULTS).map((script) => ({
    ...chat({ model: 'fragile', script, stream: script.endsWith('stream') }),
    name: `fault ${script}`,
    expected: 'any',
  })),
];

/** @param {number} turn counted from 0 @returns {Kind} */
export function kindAt(turn) {
  return MIX[(turn * STRIDE) % MIX.length];
}

function chat({ model = 'think', output, stream = false, script }) {
  return {
    ...plain(stream ? 'stream' : 'JSON', '/v1/chat/completions', {
      model,
      messages: QUESTION,
      stream,
    }),
    headers: {
      ...(output && { 'x-sluice-reasoning': output }),
      ...(script && { 'x-soak-script': script }),
    },
    isRight: stream ? (text) => endsWell(text) && contentOf(text).includes(ANSWER) : answers,
  };
}

function leaving(conduct, request) {
  return { ...chat({ ...request, stream: true }), name: conduct, conduct, expected: 'any' };
}

function plain(name, path, body) {
  return {
    name,
    conduct: 'read',
    expected: 'whole',
    method: 'POST',
    path,
    headers: {},
    body,
    isRight: (text) => text.endsWith('}'),
  };
}

function answers(text) {
  return JSON.parse(text).choices[0].message.content.includes(ANSWER);
}

function endsWell(text) {
  return text.endsWith('data: [DONE]\n\n');
}

function contentOf(text) {
  const events = text.split('\n\n').filter((event) => event.startsWith('data: {'));
  return events
    .map((event) => JSON.parse(event.slice('data: '.length)).choices?.[0]?.delta?.content ?? '')
    .join('');
}

function times(count, kind) {
  return Array.from({ length: count }, () => kind);
}
