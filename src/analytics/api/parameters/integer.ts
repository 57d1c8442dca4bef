import { type Parameter, single, wrong } from './parameter.js';

const INTEGER = /^\d{1,16}$/;

/** The least and the greatest value, both allowed. */
export interface IntegerBounds {
  readonly min: number;
  readonly max: number;
}

/** What tells one parameter that is a whole number from another. */
export interface IntegerOptions extends IntegerBounds {
  readonly name: string;
  readonly description: string;
  /** Where it is absent. */
  readonly fallback: number;
}

/** A whole number within bounds. */
export function integerParameter(options: IntegerOptions): Parameter<number> {
  const { name, description, min, max, fallback } = options;
  return {
    name,
    description,
    schema: { type: 'integer', minimum: min, maximum: max, default: fallback },
    isRequired: false,
    read: (texts) => {
      const text = single(name, texts);
      return text === null ? fallback : integerOf(name, text, options);
    },
  };
}

/** @throws ExchangeError `invalid_value` that names the parameter and its bounds */
export function integerOf(name: string, text: string, { min, max }: IntegerBounds): number {
  const value = INTEGER.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw wrong(name, `must be a whole number from ${min} to ${max}`);
}
