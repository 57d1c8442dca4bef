import { inspect } from 'node:util';

const MASK = '[secret]';

/**
 * A value that must never be printed: every way of turning it into text yields `[secret]`.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /**
   * The secret itself. Call it where the value leaves the process, or is looked for so that it does
   * not, nowhere else.
   */
  reveal(): string {
    return this.#value;
  }

  /** Whether both hold the same value; compares configurations, never what a client sent. */
  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
