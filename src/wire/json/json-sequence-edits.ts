import { type TextRange } from './json-span.js';

/** Puts `text` in place of a range; an empty range inserts. */
export interface Edit extends TextRange {
  readonly text: string;
}

/** What is to become of the members of one object, or of the items of one array. */
export interface SequenceEdit {
  /** Where the first member or item stands or would stand: right behind the opening bracket. */
  readonly start: number;
  /** Each member from its name to its value's end, or each item. */
  readonly parts: readonly TextRange[];
  /** Indices of the parts that go. */
  readonly removed: Set<number>;
  readonly inserted: Insertion[];
}

/** A new part; several behind the same one stand in the order given. */
export interface Insertion {
  /** Index of the part it follows; -1 where there is none. */
  readonly after: number;
  readonly text: string;
}

/**
 * The edits that remove and insert parts, commas right in every case.
 *
 * A comma belongs to the part behind it, so that parts come and go one by one. Only a run that goes
 * at the front takes the comma behind itself along; what is inserted among that run stands in its
 * place.
 */
export function sequenceEdits(sequence: SequenceEdit): Edit[] {
  const { parts, removed, inserted } = sequence;
  const firstKept = parts.findIndex((_, index) => !removed.has(index));
  const frontLength = firstKept < 0 ? parts.length : firstKept;
  const edits = frontEdits(sequence, frontLength);
  let previousEnd = 0;
  parts.forEach(({ end }, index) => {
    if (index > frontLength && removed.has(index))
      edits.push({ start: previousEnd, end, text: '' });
    previousEnd = end;
    if (index < frontLength) return;
    for (const { after, text } of inserted) {
      if (after === index) edits.push({ start: end, end, text: `,${text}` });
    }
  });
  return edits;
}

/** Replaces the first `frontLength` parts by what was inserted among them. */
function frontEdits({ start, parts, inserted }: SequenceEdit, frontLength: number): Edit[] {
  const texts = inserted
    .filter(({ after }) => after < frontLength)
    .sort((a, b) => a.after - b.after)
    .map(({ text }) => text);
  const first = parts[0]?.start ?? start;
  const next = parts[frontLength];
  if (next === undefined) {
    return [{ start: first, end: parts.at(-1)?.end ?? first, text: texts.join(',') }];
  }
  return [{ start: first, end: next.start, text: texts.map((text) => `${text},`).join('') }];
}
