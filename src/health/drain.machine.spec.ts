import { describe, expect, it } from '@jest/globals';
import { drainStep, type DrainAction, type DrainEvent, type DrainPhase } from './drain.machine.js';

describe('drainStep', () => {
  it('announces, refuses, waits, closes and exits on SIGTERM', () => {
    expect(run(['sigterm', 'delay-elapsed', 'idle', 'closed'])).toEqual({
      phase: 'gone',
      actions: ['start-delay', 'refuse', 'start-deadline', 'close', 'exit-cleanly'],
    });
  });

  it('leaves the delay out on SIGINT', () => {
    expect(run(['sigint'])).toEqual({ phase: 'finishing', actions: ['refuse', 'start-deadline'] });
  });

  it('serves on while it announces, even when nothing runs', () => {
    expect(run(['sigterm', 'idle'])).toEqual({ phase: 'announcing', actions: ['start-delay'] });
  });

  it('ends what still runs at the deadline, and cuts what does not go', () => {
    expect(run(['sigint', 'deadline-elapsed', 'grace-elapsed', 'closed'])).toEqual({
      phase: 'gone',
      actions: [
        ...['refuse', 'start-deadline', 'end-exchanges', 'start-grace', 'cut-connections'],
        ...['close', 'exit-cleanly'],
      ],
    });
  });

  it('cuts no connection when all have ended after the deadline', () => {
    expect(run(['sigint', 'deadline-elapsed', 'idle', 'grace-elapsed']).actions).toEqual([
      ...['refuse', 'start-deadline', 'end-exchanges', 'start-grace', 'close'],
    ]);
  });

  it('closes once, whether the last exchange or the deadline came first', () => {
    expect(run(['sigint', 'idle', 'deadline-elapsed', 'idle']).actions).toEqual([
      'refuse',
      'start-deadline',
      'close',
    ]);
  });

  it.each<[DrainPhase, DrainEvent[]]>([
    ['announcing', ['sigterm']],
    ['finishing', ['sigterm', 'delay-elapsed']],
    ['cutting', ['sigterm', 'delay-elapsed', 'deadline-elapsed']],
    ['closing', ['sigterm', 'delay-elapsed', 'idle']],
  ])('ends at once on a second signal while %s', (phase, events) => {
    expect(run(events).phase).toBe(phase);
    expect(drainStep(phase, 'sigterm')).toEqual({ phase: 'gone', actions: ['exit-at-once'] });
    expect(drainStep(phase, 'sigint')).toEqual({ phase: 'gone', actions: ['exit-at-once'] });
  });

  it.each<DrainEvent>(['delay-elapsed', 'idle', 'deadline-elapsed', 'closed'])(
    'takes no notice of %s while serving',
    (event) => {
      expect(drainStep('serving', event)).toEqual({ phase: 'serving', actions: [] });
    },
  );

  it('does nothing any more once gone', () => {
    for (const event of ['sigterm', 'sigint', 'idle', 'closed'] as const) {
      expect(drainStep('gone', event)).toEqual({ phase: 'gone', actions: [] });
    }
  });
});

function run(events: readonly DrainEvent[]): { phase: DrainPhase; actions: DrainAction[] } {
  let phase: DrainPhase = 'serving';
  const actions: DrainAction[] = [];
  for (const event of events) {
    const step = drainStep(phase, event);
    phase = step.phase;
    actions.push(...step.actions);
  }
  return { phase, actions };
}
