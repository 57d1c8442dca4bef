/** A part of the configuration in words, and the part itself, which may hold secrets. */
export interface Fact {
  /** One line; secrets are masked. */
  readonly shown: string;
  /** Differs where the part does, also where the words are the same. */
  readonly value: unknown;
}

/** Facts by what they are about, in the order in which they are told. */
export type Facts = Readonly<Record<string, Fact>>;

/** A fact whose words say all there is to it. */
export function told(shown: string): Fact {
  return { shown, value: shown };
}

/** A duration; the words are short. */
export function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

/** A name as it is, or quoted: a line end or an escape must not reach the terminal as one. */
export function printable(name: string): string {
  return /^[\x20-\x7e]+$/.test(name) ? name : quoted(name);
}

/** A text in quotes, with its line ends and escapes written out. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}
