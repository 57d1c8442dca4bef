import { type TagDialectConfig } from '../../src/config/typed/tag-dialect.js';

/**
 * A part of a message: reasoning, content, white space around a block, or where a block begins or
 * ends.
 */
export type Part = readonly [
  kind: 'reasoning' | 'content' | 'space' | 'open' | 'close',
  text: string,
];

/** Most characters of leading white space behind which a block still counts. */
const MAX_LEADING = 1024;

interface Found {
  readonly at: number;
  readonly marker: string;
}

/** The first of `markers` from `from` on; of two at one place the shorter. */
function firstOf(text: string, from: number, markers: readonly string[]): Found | null {
  const found = markers
    .filter((marker) => marker !== '')
    .map((marker) => ({ at: text.indexOf(marker, from), marker }))
    .filter(({ at }) => at !== -1);
  found.sort((a, b) => a.at - b.at || a.marker.length - b.marker.length);
  return found[0] ?? null;
}

function spaceEnd(text: string, from: number): number {
  return from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
}

/**
 * Reads a whole message by the rules of tag dialects, with no thought of speed or of streams: what
 * the reader of streams is held against.
 */
export function readPlainly(text: string, tags: TagDialectConfig): readonly Part[] {
  const parts: Part[] = [];
  const put = (kind: Part[0], from: number, to: number): void => {
    if (to > from) parts.push([kind, text.slice(from, to)]);
  };
  const inAnswer = [
    ...tags.contentOpen,
    ...tags.contentClose,
    ...(tags.scope === 'anywhere' ? [tags.open] : []),
    ...(tags.strayClose === 'drop' ? [tags.close] : []),
  ];
  // White space goes up to the first marker that begins in it.
  const trimmed = (from: number, markers: readonly string[]): number =>
    tags.trim === 'none'
      ? from
      : Math.min(spaceEnd(text, from), firstOf(text, from, markers)?.at ?? text.length);

  /** @returns where the answer goes on */
  function readBlock(behindOpen: number): number {
    const isLabelled = text.startsWith(tags.openLabel, behindOpen);
    const from = behindOpen + (isLabelled ? tags.openLabel.length : 0);
    const enders = [tags.close, ...tags.toolOpen];
    const end = firstOf(text, from, enders);
    const begin = trimmed(from, enders);
    parts.push(['open', '']);
    put('space', from, begin);
    put('reasoning', begin, end?.at ?? text.length);
    parts.push(['close', '']);
    if (end === null) return text.length;
    const behind = end.at + end.marker.length;
    if (end.marker !== tags.close) {
      put('content', end.at, behind);
      return behind;
    }
    const next = trimmed(behind, inAnswer);
    put('space', behind, next);
    return next;
  }

  let at = readStart();
  while (at < text.length) {
    const next = firstOf(text, at, inAnswer);
    put('content', at, next?.at ?? text.length);
    at = next === null ? text.length : next.at + next.marker.length;
    if (next?.marker === tags.open && tags.scope === 'anywhere') at = readBlock(at);
  }
  return parts;

  function readStart(): number {
    const space = spaceEnd(text, 0);
    const first = firstOf(text, 0, [tags.open, ...tags.contentOpen]);
    if (first !== null && first.at <= space && space <= MAX_LEADING) {
      const behind = first.at + first.marker.length;
      // A message begins in its answer where it begins with a marker of the answer's own.
      put(first.marker === tags.open ? 'space' : 'content', 0, first.at);
      return first.marker === tags.open ? readBlock(behind) : behind;
    }
    return tags.implicitOpen && text !== '' ? readBlock(0) : 0;
  }
}
