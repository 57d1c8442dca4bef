import { Count, Seconds } from './checks.js';
import { all, check, Key, type Rule } from './key.js';

const waitRule: Rule = (value, section) =>
  value === 0 && 'max' in section && typeof section.max === 'number' && section.max > 0
    ? 'must be above 0 where max is: every wait has an end'
    : null;

/** `settings.queue`: where requests wait while every backend is at its `max_in_flight`. */
export class QueueSection {
  @Key(
    'Most requests that wait; 0 = none, they are refused at once.',
    Count({ min: 0, max: 100_000 }),
  )
  max = 0;

  @Key('Seconds a request waits at most.', all(Seconds(), check('wait', waitRule, {})))
  timeout = 0;
}
