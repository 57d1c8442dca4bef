import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median } from '../statistics.mjs';
import { streamBody } from '../upstream-replies.mjs';

/** Events that a second of one core must suffice for, where every event is written anew. */
const LEAST_PER_SECOND = 400_000;
const OUTPUTS = ['tags', 'strip', 'reasoning_content'];
const ROUND_MS = { quick: 150, full: 500 };

/**
 * The streams and how they are read. The padded one has random letters in each event, as OpenAI's
 * do (`obfuscation`); the last has a form of its own for each event.
 */
const INPUTS = {
  'a plain answer': { input: 'auto', body: streamBody('plain') },
  '<think>': { input: 'auto', body: streamBody('think') },
  harmony: { input: 'harmony', body: streamBody('harmony') },
  '<think>, padded': { input: 'auto', body: padded(streamBody('think')) },
  '<think>, no two events alike': { input: 'auto', body: eachUnlike(streamBody('think')) },
};

export const name = 'events';
export const when = 'always';

/**
 * The rewriting alone, in this process, one event a chunk: no sockets, so that its own cost shows.
 *
 * @param {import('../lines.mjs').Bench} bench
 */
export async function run(bench) {
  const { rewritePlanFor, createStreamRewriter } = await loadRewriting();
  const rows = [];
  for (const [what, { input, body }] of Object.entries(INPUTS)) {
    for (const output of OUTPUTS) {
      const plan = rewritePlanFor(policyOf(input, output));
      const chunks = eventChunks(body);
      const rates = [];
      for (let round = 0; round <= bench.rounds; round += 1) {
        rates.push(
          eventsPerSecond(() => createStreamRewriter(plan, SILENT), chunks, ROUND_MS[bench.scale]),
        );
      }
      // The first round is the warm-up.
      rows.push(rateRow(`${what} to ${output}`, median(rates.slice(1)), rates));
    }
  }
  return rows;
}

async function loadRewriting() {
  const dist = join(import.meta.dirname, '../../dist/chat/rewrite');
  const load = (file) => import(pathToFileURL(join(dist, file)).href);
  const [plans, streams] = await Promise.all([load('rewrite-plan.js'), load('stream-rewriter.js')]);
  return {
    rewritePlanFor: plans.rewritePlanFor,
    createStreamRewriter: streams.createStreamRewriter,
  };
}

function policyOf(input, output) {
  return {
    input,
    output,
    openTag: '[thought]',
    closeTag: '[/thought]',
    fields: null,
    history: 'keep',
    harmonyCalls: 'drop',
  };
}

/** Each event of the stream as the bytes of a chunk of its own. */
function eventChunks(body) {
  return body.split(/(?<=\n\n)/).map((event) => Buffer.from(event));
}

function padded(body) {
  let count = 0;
  const letters = () => 'abcdefghijkl'.slice(0, 1 + ((count += 7) % 11));
  return body.replaceAll(/\}\n\n/g, () => `,"obfuscation":"${letters()}"}\n\n`);
}

/** The stream with a member in each event that no other has, so that each must be parsed. */
function eachUnlike(body) {
  let count = 0;
  return body.replaceAll('"choices":', () => `"obfuscation":"${(count += 1)}","choices":`);
}

function eventsPerSecond(createRewriter, chunks, roundMs) {
  const startMs = performance.now();
  let events = 0;
  let elapsedMs = 0;
  while (elapsedMs < roundMs) {
    const rewriter = createRewriter();
    for (const chunk of chunks) rewriter.feed(chunk);
    rewriter.end('complete');
    events += chunks.length;
    elapsedMs = performance.now() - startMs;
  }
  return (events / elapsedMs) * 1000;
}

/** @returns {import('../rows.mjs').Row} */
function rateRow(what, perSecond, rates) {
  const thousands = (rate) => `${Math.round(rate / 1000)}k`;
  return {
    what: `rewriting alone: ${what}`,
    figure: `${thousands(perSecond)} events/s`,
    budget: `≥ ${thousands(LEAST_PER_SECOND)}`,
    aim: '',
    verdict: perSecond >= LEAST_PER_SECOND ? 'ok' : 'short',
    detail: `rounds: ${rates.map(thousands).join(', ')}; the first warms up`,
  };
}

const SILENT = {
  reasoningSeen: () => undefined,
  answerSeen: () => undefined,
  blockRead: () => undefined,
  blockUnclosed: () => undefined,
  callDropped: () => undefined,
  finished: () => undefined,
  usageSeen: () => undefined,
  unread: () => undefined,
  rewritten: () => undefined,
};
