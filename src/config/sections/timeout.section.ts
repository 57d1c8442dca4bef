import { secondsRule, SECONDS_SCHEMA, Seconds } from './checks.js';
import { Key, type Rule } from './key.js';
import { SectionOr } from './nested.js';

/** `timeout` as an object, in seconds; a key that is left out is inherited. */
export class TimeoutSection {
  @Key('Seconds until the connection (and TLS) stands; 0 = no limit.', Seconds())
  connect?: number;

  @Key("Seconds from the request's last byte to the reply's head; 0 = no limit.", Seconds())
  headers?: number;

  @Key(
    'Seconds from the request to the first data event of a stream; comments do not count; 0 = no limit.',
    Seconds(),
  )
  first_token?: number;

  @Key('Seconds between two chunks of the reply; 0 = no limit.', Seconds())
  idle?: number;

  @Key('Seconds the whole exchange with the backend may take; 0 = no limit.', Seconds())
  total?: number;
}

const rule: Rule = (value, section) =>
  typeof value === 'number'
    ? secondsRule(value, section)
    : 'must be a number of seconds or an object';

/** Seconds of silence, or the object that says each limit by itself. */
export function Timeout(): PropertyDecorator {
  return SectionOr(TimeoutSection, rule, SECONDS_SCHEMA);
}
