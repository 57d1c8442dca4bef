import { describe, expect, it } from '@jest/globals';
import { policyOf, silentObserver } from '../../../../test/conformance/rewriting.js';
import { member } from '../../../wire/json/json-span.js';
import { parseSpans } from '../../../wire/json/parse-spans.js';
import { createChoiceStates } from '../choice-state.js';
import { viewChoice } from '../choice-view.js';
import { rewritePlanFor } from '../rewrite-plan.js';
import { type DeltaTemplate } from './delta-template.js';
import { templateOf } from './template-reader.js';
import { TemplatedEvents } from './templated-events.js';

const plan = rewritePlanFor(policyOf({ input: 'none' }));

/** As servers write it that tell the time anew in each chunk. */
const chunk = (created: number, content: string): string =>
  `{"created":${created},"choices":[{"index":0,"delta":{"content":"${content}"}}]}`;

const event = (created: number, content: string): string => `data: ${chunk(created, content)}\n\n`;

function templateAt(created: number): DeltaTemplate {
  const json = chunk(created, 'a');
  const root = parseSpans(json);
  const span = root === null ? undefined : member(root, 'choices')?.value.items?.[0];
  const view = span === undefined ? null : viewChoice(json, span);
  if (plan === null || root === null || view === null) throw new Error('no choice');
  const state = createChoiceStates(plan, silentObserver).of(view.index);
  const template = state === null ? null : templateOf(json, { root, view, state }, plan);
  if (template === null) throw new Error('no template');
  return template;
}

describe('TemplatedEvents', () => {
  it.each([
    ['one by one', 1],
    ['many at once', 5],
  ])('goes on making templates where each was of use to events that came %s', (_how, count) => {
    const events = new TemplatedEvents(() => undefined);
    for (let created = 0; created < 50; created++) {
      expect(events.isWorthTemplate).toBe(true);
      events.add(templateAt(created));
      const bytes = event(created, 'word').repeat(count);
      expect(events.take(bytes, 0)).toBe(bytes.length);
    }
  });

  it('makes no more where none was of use', () => {
    const events = new TemplatedEvents(() => undefined);
    for (let created = 0; created < 16; created++) events.add(templateAt(created));
    expect(events.isWorthTemplate).toBe(false);
  });
});
