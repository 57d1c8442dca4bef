import { type Edit, sequenceEdits, type SequenceEdit } from './json-sequence-edits.js';
import { type JsonMember, type JsonSpan, type TextRange } from './json-span.js';

/**
 * Edits of a JSON text that leave every other character as it is: collected by the spans of the
 * text, in any order, and applied at once.
 *
 * Value texts go in as they are: they must be JSON, and byte strings where the text is one.
 *
 * Methods throw a RangeError for what only a mistake in the program brings about: a member, item or
 * span that is not where it is said to be, and, on `apply`, edits that overlap.
 */
export class JsonEdits {
  readonly #text: string;
  readonly #replacements: Edit[] = [];
  readonly #sequences = new Map<JsonSpan, SequenceEdit>();
  /** Made once for each object or array that is edited: to search it for each edit is O(n²). */
  readonly #positions = new Map<JsonSpan, Positions>();

  /** @param text - the JSON text, or byte string, that the spans are of. */
  constructor(text: string) {
    this.#text = text;
  }

  /** Whether nothing is to change. */
  get isEmpty(): boolean {
    return this.#replacements.length === 0 && this.#sequences.size === 0;
  }

  /** Puts `text` in place of a value, or of any other range. */
  replace({ start, end }: TextRange, text: string): void {
    this.#replacements.push({ start, end, text });
  }

  /** Gives a member another name; its value stays. */
  renameKey({ keyStart, keyEnd }: JsonMember, key: string): void {
    this.replace({ start: keyStart, end: keyEnd }, keyLiteral(key));
  }

  /** Takes a member out, and the comma that would be left over. */
  removeMember(object: JsonSpan, member: JsonMember): void {
    this.#sequenceOf(object).removed.add(this.#indexIn(object, member));
  }

  /** Adds a member behind `after`, by default behind the last one. */
  insertMember(
    object: JsonSpan,
    key: string,
    valueText: string,
    { after }: { readonly after?: JsonMember } = {},
  ): void {
    const last = membersOf(object).length - 1;
    const index = after === undefined ? last : this.#indexIn(object, after);
    const text = `${keyLiteral(key)}:${valueText}`;
    this.#sequenceOf(object).inserted.push({ after: index, text });
  }

  /** Takes an item out, and the comma that would be left over. */
  removeItem(array: JsonSpan, item: JsonSpan): void {
    this.#sequenceOf(array).removed.add(this.#indexIn(array, item));
  }

  /** Adds an item behind `after`, by default behind the last one. */
  insertItem(
    array: JsonSpan,
    valueText: string,
    { after }: { readonly after?: JsonSpan } = {},
  ): void {
    const last = itemsOf(array).length - 1;
    const index = after === undefined ? last : this.#indexIn(array, after);
    this.#sequenceOf(array).inserted.push({ after: index, text: valueText });
  }

  /** The edited text; without edits the very string that was given. May be called again. */
  apply(): string {
    if (this.isEmpty) return this.#text;
    const sequences = [...this.#sequences.values()].flatMap(sequenceEdits);
    return spliced(this.#text, [...this.#replacements, ...sequences].sort(byPosition));
  }

  #indexIn(span: JsonSpan, part: JsonMember | JsonSpan): number {
    let positions = this.#positions.get(span);
    if (positions === undefined) {
      const parts = span.items ?? membersOf(span);
      positions = new Map(parts.map((found, index) => [found, index]));
      this.#positions.set(span, positions);
    }
    const index = positions.get(part);
    if (index === undefined) {
      throw new RangeError('the part to edit is not in this object or array');
    }
    return index;
  }

  #sequenceOf(span: JsonSpan): SequenceEdit {
    const known = this.#sequences.get(span);
    if (known !== undefined) return known;
    const sequence: SequenceEdit = {
      start: span.start + 1,
      parts: partsOf(span),
      removed: new Set(),
      inserted: [],
    };
    this.#sequences.set(span, sequence);
    return sequence;
  }
}

/** Where each member or item stands in its object or array, counted from 0. */
type Positions = ReadonlyMap<JsonMember | JsonSpan, number>;

/** An insertion at a position comes before what begins there; the sort is stable. */
function byPosition(a: Edit, b: Edit): number {
  return a.start - b.start || a.end - b.end;
}

function spliced(text: string, edits: readonly Edit[]): string {
  let result = '';
  let copiedTo = 0;
  for (const { start, end, text: replacement } of edits) {
    if (start < copiedTo) throw new RangeError(`JSON edits overlap at position ${start}`);
    if (end < start || end > text.length) {
      throw new RangeError(`JSON edit from ${start} to ${end} in a text of ${text.length}`);
    }
    result += text.slice(copiedTo, start) + replacement;
    copiedTo = end;
  }
  return result + text.slice(copiedTo);
}

/** In ASCII, escaped where need be, so that it is right in a text and in a byte string alike. */
function keyLiteral(key: string): string {
  return JSON.stringify(key).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function partsOf(span: JsonSpan): readonly TextRange[] {
  if (span.items !== undefined) return span.items;
  return membersOf(span).map(({ keyStart, value }) => ({ start: keyStart, end: value.end }));
}

function membersOf(span: JsonSpan): readonly JsonMember[] {
  if (span.members === undefined) throw new RangeError(`${span.kind} without listed members`);
  return span.members;
}

function itemsOf(span: JsonSpan): readonly JsonSpan[] {
  if (span.items === undefined) throw new RangeError(`${span.kind} without listed items`);
  return span.items;
}
