import { MAX_SECONDS } from '../duration.js';
import { check, type Rule, type SchemaPart } from './key.js';

/** Longest text of any key: a secret or a path is shorter. */
const MAX_TEXT_CHARS = 16_384;
/** Most entries of a list of texts. */
const MAX_TEXTS = 1024;

/** A text, `min` (default 0) to `max` characters long. */
export function Text({ min = 0, max = MAX_TEXT_CHARS }: { min?: number; max?: number } = {}) {
  return check('text', (value) => textProblem(value, min, max), {
    type: 'string',
    ...(min > 0 && { minLength: min }),
  });
}

/** A text of which `problem` says what is wrong with it. */
export function TextThat(problem: (text: string, section: object) => string | null) {
  const rule: Rule = (value, section) =>
    textProblem(value, 0, MAX_TEXT_CHARS) ?? (isText(value) ? problem(value, section) : null);
  return check('text', rule, { type: 'string' });
}

/** A list of texts that are not empty, at most `max` long each. */
export function Texts({
  max = MAX_TEXT_CHARS,
  minItems = 0,
}: { max?: number; minItems?: number } = {}) {
  return check('texts', (value) => textsProblem(value, max, minItems), {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    ...(minItems > 0 && { minItems }),
  });
}

/** A list of texts of which `problem` says what is wrong with each. */
export function TextsThat(problem: (text: string) => string | null) {
  const rule: Rule = (value) =>
    textsProblem(value, MAX_TEXT_CHARS, 0) ??
    (Array.isArray(value) ? firstOf(value, problem) : null);
  return check('texts', rule, { type: 'array', items: { type: 'string', minLength: 1 } });
}

/** One of a closed list of words. */
export function OneOf(words: readonly string[]) {
  const rule: Rule = (value) =>
    isText(value) && words.includes(value) ? null : `must be one of ${words.join(', ')}`;
  return check('oneOf', rule, { type: 'string', enum: [...words] });
}

/** True or false. */
export function Flag() {
  const rule: Rule = (value) => (typeof value === 'boolean' ? null : 'must be true or false');
  return check('flag', rule, { type: 'boolean' });
}

/** A duration in seconds, fractions allowed, 0 to the longest a timer can wait. */
export function Seconds() {
  return check('seconds', secondsRule, SECONDS_SCHEMA);
}

/** A duration in seconds that must not be 0. */
export function SomeSeconds() {
  const rule: Rule = (value) =>
    isNumberIn(value, 0, MAX_SECONDS) && value !== 0
      ? null
      : `must be a number of seconds above 0, at most ${MAX_SECONDS}`;
  return check('someSeconds', rule, {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: MAX_SECONDS,
  });
}

/** A whole number from `min` (default 1) to `max`. */
export function Count({ min = 1, max }: { min?: number; max: number }) {
  const rule: Rule = (value) =>
    isNumberIn(value, min, max) && Number.isInteger(value)
      ? null
      : `must be a whole number, ${min} to ${max}`;
  return check('count', rule, { type: 'integer', minimum: min, maximum: max });
}

/** A share of a whole, 0 to 1. */
export function Share() {
  return Amount({ max: 1 });
}

/** A number, 0 to `max`. */
export function Amount({ max }: { max: number }) {
  const rule: Rule = (value) =>
    isNumberIn(value, 0, max) ? null : `must be a number, 0 to ${max}`;
  return check('amount', rule, { type: 'number', minimum: 0, maximum: max });
}

/** A number above 0, at most `max`. */
export function Weight({ max }: { max: number }) {
  const rule: Rule = (value) =>
    isNumberIn(value, 0, max) && value !== 0 ? null : `must be a number above 0, at most ${max}`;
  return check('weight', rule, { type: 'number', exclusiveMinimum: 0, maximum: max });
}

/** The JSON Schema of a duration in seconds. */
export const SECONDS_SCHEMA: SchemaPart = { type: 'number', minimum: 0, maximum: MAX_SECONDS };

/** A number of seconds, 0 to the longest a timer can wait. */
export const secondsRule: Rule = (value) =>
  isNumberIn(value, 0, MAX_SECONDS) ? null : `must be a number of seconds, 0 to ${MAX_SECONDS}`;

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumberIn(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

function textProblem(value: unknown, min: number, max: number): string | null {
  if (!isText(value)) return 'must be a string';
  if (value.length < min) return min === 1 ? 'must not be empty' : `must have ${min} characters`;
  return value.length > max ? `must have at most ${max} characters` : null;
}

function textsProblem(value: unknown, max: number, minItems: number): string | null {
  if (!Array.isArray(value)) return 'must be a list of strings';
  if (value.length < minItems) return 'must not be empty';
  if (value.length > MAX_TEXTS) return `must have at most ${MAX_TEXTS} entries`;
  const wrong = value.findIndex((item) => textProblem(item, 1, max) !== null);
  return wrong === -1 ? null : `entry ${wrong} ${textProblem(value[wrong], 1, max) ?? ''}`;
}

function firstOf(items: readonly unknown[], problem: (text: string) => string | null) {
  const problems = items.map((item) => (isText(item) ? problem(item) : null));
  const wrong = problems.findIndex((found) => found !== null);
  return wrong === -1 ? null : `entry ${wrong} ${problems[wrong] ?? ''}`;
}
