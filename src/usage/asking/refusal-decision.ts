import { isSuccess } from '../../exchange/reply/status.js';

/** Statuses by which a request is refused, whatever the error says. */
const REFUSING: ReadonlySet<number> = new Set([400, 422]);

/** Those by which some servers fail of what they do not know; only their error tells. */
const FAILING: ReadonlySet<number> = new Set([404, 500, 501]);

/** Whether an answer with this status may be a refusal of the question, so that its error is read. */
export function mayRefuse(status: number): boolean {
  return REFUSING.has(status) || FAILING.has(status);
}

/** What is known of an error that may refuse the question, and of the backend that answered with it. */
export interface RefusalFacts {
  readonly status: number;
  /** Whether the error names the question. */
  readonly isNamed: boolean;
  /** Whether the question was answered there before. */
  readonly hasAnswer: boolean;
  /** Whether it was answered there before, and a repeat without it failed just now. */
  readonly isInVain: boolean;
}

/** Whether the request is sent once more, without the question. */
export function mayRepeat({ status, isNamed, hasAnswer, isInVain }: RefusalFacts): boolean {
  return isNamed ? !isInVain : REFUSING.has(status) && !hasAnswer;
}

/**
 * What a repeat without the question teaches of it: that it is `refused`, that the repeat was `in-vain`
 * because the rest of the request is what is wrong, or `nothing`.
 */
export type Lesson = 'refused' | 'in-vain' | 'nothing';

/** How a repeat was answered. */
export interface RepeatFacts {
  readonly status: number;
  /** Whether by the same backend, of the same model, as the first attempt. */
  readonly isSame: boolean;
}

/** What is learnt from a repeat. Of another backend's success nothing follows for the first one. */
export function lessonOf({ status, isSame }: RepeatFacts): Lesson {
  if (isSuccess(status)) return isSame ? 'refused' : 'nothing';
  return isSame || REFUSING.has(status) ? 'in-vain' : 'nothing';
}
