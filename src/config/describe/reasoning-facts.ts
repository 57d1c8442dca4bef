import { type ReasoningInput, type ReasoningPolicy } from '../typed/reasoning-policy.js';
import { quoted } from './fact.js';

/** A policy in words. */
export function describePolicy(policy: ReasoningPolicy): string {
  const { output, openTag, closeTag } = policy;
  const fields = policy.fields ?? (output === 'tags' ? 'keep' : 'rewrite');
  const written = output === 'tags' ? `tags ${quoted(openTag)} and ${quoted(closeTag)}` : output;
  return (
    `input ${describeInput(policy.input)}, output ${written}, fields ${fields}, ` +
    `history ${policy.history}, harmony calls ${policy.harmonyCalls}`
  );
}

/** What a layer of a policy says, in words; empty where it says nothing. */
export function describeLayer(layer: Partial<ReasoningPolicy>): string {
  const { input, output, openTag, closeTag, fields, history, harmonyCalls } = layer;
  const said: readonly (readonly [string, string | null | undefined])[] = [
    ['input', input === undefined ? undefined : describeInput(input)],
    ['output', output],
    ['open tag', openTag === undefined ? undefined : quoted(openTag)],
    ['close tag', closeTag === undefined ? undefined : quoted(closeTag)],
    ['fields', fields],
    ['history', history],
    ['harmony calls', harmonyCalls],
  ];
  return said
    .flatMap(([key, word]) => (word === undefined || word === null ? [] : [`${key} ${word}`]))
    .join(', ');
}

function describeInput(input: ReasoningInput): string {
  return typeof input === 'string' ? input : `${quoted(input.open)} to ${quoted(input.close)}`;
}
