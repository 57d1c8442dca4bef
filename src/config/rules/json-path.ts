/** A step of a path: into a member or an item by its name or index, into all of them, or any depth down. */
export type JsonPathStep =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'item'; readonly index: number }
  | { readonly kind: 'each' }
  | { readonly kind: 'descend' };

const STEP = /(\.\.)|\.?\*|\.?\[\*\]|\[(\d{1,9})\]|\[(?:'([^']*)'|"([^"]*)")\]|\.?([^.[\]*'"\s]+)/y;

/**
 * Reads the part of JSON Path (RFC 9535) that names places: `$`, `.name`, `['name']`, `[0]`, `[*]`,
 * `.*` and `..`; no filters, slices or unions.
 *
 * @returns null when the text is no such path, or `$` alone
 */
export function readJsonPath(text: string): readonly JsonPathStep[] | null {
  if (!text.startsWith('$')) return null;
  const steps: JsonPathStep[] = [];
  let at = 1;
  while (at < text.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (match === null) return null;
    const isBare = !/^[.[*]/.test(match[0]);
    // Behind `..` a name stands by itself; anywhere else a dot comes first.
    if (isBare && steps.at(-1)?.kind !== 'descend') return null;
    steps.push(stepOf(match));
    at = STEP.lastIndex;
  }
  return steps.length === 0 || steps.at(-1)?.kind === 'descend' ? null : steps;
}

function stepOf([, descent, index, single, double, name]: RegExpExecArray): JsonPathStep {
  if (descent !== undefined) return { kind: 'descend' };
  if (index !== undefined) return { kind: 'item', index: Number(index) };
  const member = single ?? double ?? name;
  return member === undefined ? { kind: 'each' } : { kind: 'member', name: member };
}
