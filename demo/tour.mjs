import { chat } from './chat-client.mjs';
import { REASONING, ANSWER } from './dialects.mjs';

const QUESTION = [{ role: 'user', content: 'What is the capital of France?' }];
const TAGGED = `<think>${REASONING}</think>${ANSWER}`;

/**
 * One stop of the tour.
 * @typedef {object} Stop
 * @property {string} title
 * @property {string} model the scripted model that speaks
 * @property {string} [via] the name it is asked by through Sluice, where that chooses an output
 * @property {boolean} [stream]
 * @property {Record<string, string>} expected each field the client must receive, no other
 */

/** @type {readonly Stop[]} */
export const TOUR = [
  {
    title: 'Harmony in JSON, no configuration: reasoning comes out in <think> tags',
    model: 'harmony',
    expected: { content: TAGGED },
  },
  {
    title: 'The same as a stream, token by token',
    model: 'harmony',
    stream: true,
    expected: { content: TAGGED },
  },
  {
    title: 'Harmony with a preamble and a tool call that leaked into the text: no markup is left',
    model: 'harmony-tools',
    stream: true,
    expected: {
      content: '<think>I need the weather, so I call the tool.</think>Let me look at the weather.',
    },
  },
  {
    title: '<think> tags, output "keep": left as the model wrote it',
    model: 'think',
    via: 'think-keep',
    stream: true,
    expected: { content: `<think>\n${REASONING}\n</think>\n\n${ANSWER}` },
  },
  {
    title: '<think> tags, output "strip": the answer alone',
    model: 'think',
    via: 'think-strip',
    stream: true,
    expected: { content: ANSWER },
  },
  {
    title: '<think> tags, output "tags" with a pair of one\'s own',
    model: 'think',
    via: 'think-tags',
    stream: true,
    expected: { content: `<reasoning>\n${REASONING}\n</reasoning>\n\n${ANSWER}` },
  },
  {
    title: '<think> tags, output "reasoning_content": the field most clients read',
    model: 'think',
    via: 'think-field',
    stream: true,
    expected: { reasoning_content: `${REASONING}\n`, content: ANSWER },
  },
  {
    title: 'A server that has a field for it already: left as it is',
    model: 'field-reasoning_content',
    stream: true,
    expected: { reasoning_content: REASONING, content: ANSWER },
  },
  {
    title: 'A model that does not think: untouched',
    model: 'plain',
    stream: true,
    expected: { content: ANSWER },
  },
];

/** What the backend of a name that a stop goes `via` has as its `reasoning`. */
const POLICIES = {
  'think-keep': { input: 'think', output: 'keep' },
  'think-strip': { input: 'think', output: 'strip' },
  'think-tags': {
    input: 'think',
    output: 'tags',
    open_tag: '<reasoning>',
    close_tag: '</reasoning>',
  },
  'think-field': { input: 'think', output: 'reasoning_content' },
};

/**
 * What made the output of a stop: the name the client asked for, and what is configured for it.
 * @param {Stop} stop
 * @returns {string}
 */
export function causeOf({ model, via }) {
  if (via === undefined) return `asked for "${model}", for which nothing is configured`;
  return `asked for "${via}", whose backend has "reasoning": ${JSON.stringify(POLICIES[via])}`;
}

/**
 * The configuration of the tour: the scripted server, seen through one backend per output.
 * @param {string} modelUrl base URL of the model server
 */
export function tourConfig(modelUrl) {
  const chosen = Object.entries(POLICIES).map(([name, reasoning]) => ({
    name,
    url: modelUrl,
    models: [name],
    model: 'think',
    reasoning,
  }));
  return { primary_backends: [...chosen, { name: 'demo', url: modelUrl }] };
}

/**
 * Makes one stop: the same request to the model server and through Sluice.
 * @param {Stop} stop
 * @param {{ modelUrl: string, sluiceUrl: string }} urls base URLs ending in `/v1`
 * @returns {Promise<{ emitted: import('./chat-client.mjs').Received,
 *   received: import('./chat-client.mjs').Received, faults: string[] }>}
 */
export async function visit(stop, { modelUrl, sluiceUrl }) {
  const request = (model) => ({ model, messages: QUESTION, stream: stop.stream ?? false });
  const [emitted, received] = await Promise.all([
    chat(modelUrl, request(stop.model)),
    chat(sluiceUrl, request(stop.via ?? stop.model)),
  ]);
  return { emitted, received, faults: faultsOf(stop, received) };
}

function faultsOf({ expected }, { status, fields, roles, finishes, isComplete }) {
  const faults = [];
  const claim = (holds, fault) => holds || faults.push(fault);
  claim(status === 200, `status ${status} instead of 200`);
  claim(isComplete, 'the stream did not end with [DONE]');
  claim(roles === 1, `the role came ${roles} times instead of once`);
  claim(
    finishes.length === 1 && finishes[0] === 'stop',
    `finish reasons ${JSON.stringify(finishes)} instead of one "stop"`,
  );
  for (const name of new Set([...Object.keys(expected), ...Object.keys(fields)])) {
    claim(
      fields[name] === expected[name],
      `${name} should be ${JSON.stringify(expected[name] ?? null)}`,
    );
  }
  return faults;
}
