/**
 * The way out of a process, so that a restart refuses nobody and cuts nothing.
 *
 * - `serving`: nothing has happened yet.
 * - `announcing`: readiness says no, so that load balancers look elsewhere, while requests that
 *   still come are served.
 * - `finishing`: nobody is let in any more, running exchanges go on.
 * - `cutting`: the deadline has passed, those that still run are told so.
 * - `closing`: no exchange is left, connections and logs are closed.
 * - `gone`: the process has been told to exit.
 */
export type DrainPhase = 'serving' | 'announcing' | 'finishing' | 'cutting' | 'closing' | 'gone';

/** What may happen on the way out: a signal, a timer that ends, or nothing being left to wait for. */
export type DrainEvent =
  'sigterm' | 'sigint' | 'delay-elapsed' | 'idle' | 'deadline-elapsed' | 'grace-elapsed' | 'closed';

/** What is to be done on entering the next phase, in this order. */
export type DrainAction =
  | 'start-delay'
  | 'refuse'
  | 'start-deadline'
  | 'end-exchanges'
  | 'start-grace'
  | 'cut-connections'
  | 'close'
  | 'exit-cleanly'
  | 'exit-at-once';

/** Where an event leads, and what is to be done there. */
export interface DrainStep {
  readonly phase: DrainPhase;
  readonly actions: readonly DrainAction[];
}

/**
 * Decides what an event means in a phase. An event that means nothing there, such as a timer that
 * lost its race, changes nothing.
 */
export function drainStep(phase: DrainPhase, event: DrainEvent): DrainStep {
  switch (event) {
    case 'sigterm':
      return phase === 'serving' ? ANNOUNCE : secondSignal(phase);
    // Someone at the terminal is waiting; no load balancer is.
    case 'sigint':
      return phase === 'serving' ? FINISH : secondSignal(phase);
    case 'delay-elapsed':
      return phase === 'announcing' ? FINISH : stay(phase);
    case 'idle':
      return phase === 'finishing' || phase === 'cutting' ? CLOSE : stay(phase);
    case 'deadline-elapsed':
      return phase === 'finishing' ? END : stay(phase);
    case 'grace-elapsed':
      return phase === 'cutting' ? CUT : stay(phase);
    case 'closed':
      return phase === 'closing' ? LEAVE : stay(phase);
    default: {
      const exhaustiveCheck: never = event;
      return exhaustiveCheck;
    }
  }
}

const ANNOUNCE: DrainStep = { phase: 'announcing', actions: ['start-delay'] };
const FINISH: DrainStep = { phase: 'finishing', actions: ['refuse', 'start-deadline'] };
const CLOSE: DrainStep = { phase: 'closing', actions: ['close'] };
const END: DrainStep = { phase: 'cutting', actions: ['end-exchanges', 'start-grace'] };
const CUT: DrainStep = { phase: 'closing', actions: ['cut-connections', 'close'] };
const LEAVE: DrainStep = { phase: 'gone', actions: ['exit-cleanly'] };
const LEAVE_AT_ONCE: DrainStep = { phase: 'gone', actions: ['exit-at-once'] };

function secondSignal(phase: DrainPhase): DrainStep {
  return phase === 'gone' ? stay(phase) : LEAVE_AT_ONCE;
}

function stay(phase: DrainPhase): DrainStep {
  return { phase, actions: [] };
}
