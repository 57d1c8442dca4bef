import { ExchangeError } from '../../../exchange/exchange-error.js';

/** A JSON Schema as far as parameters and answers need one (2020-12, as OpenAPI 3.1 has it). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A query parameter: how it is read, and how the OpenAPI document shows it. */
export interface Parameter<Value> {
  readonly name: string;
  /** In Markdown. */
  readonly description: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
  /**
   * @param texts - each value that was given, in order; empty where there is none
   * @throws ExchangeError `invalid_value` that names the parameter
   */
  readonly read: (texts: readonly string[]) => Value;
}

/** What is wrong with a parameter, for the client. */
export function wrong(name: string, what: string): ExchangeError {
  return new ExchangeError('invalid_value', `the parameter ${name} ${what}`, { param: name });
}

/** The value of a parameter that has one at most; null where it is absent. */
export function single(name: string, texts: readonly string[]): string | null {
  const [text = null, second] = texts;
  if (second !== undefined) throw wrong(name, 'was given more than once');
  return text;
}
