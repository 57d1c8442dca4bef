/**
 * Whether a model's name matches a glob: `*` stands for any characters, `?` for one; everything else
 * for itself, case included. Time is bounded by the product of both lengths, whatever the glob.
 */
export function matchesGlob(glob: string, name: string): boolean {
  let inGlob = 0;
  let inName = 0;
  let star = -1;
  let starMatchEnd = 0;
  while (inName < name.length) {
    const expected = glob[inGlob];
    if (expected === '*') {
      star = inGlob++;
      starMatchEnd = inName;
    } else if (expected !== undefined && (expected === '?' || expected === name[inName])) {
      inGlob++;
      inName++;
    } else if (star >= 0) {
      // Only the last star needs to take more: what an earlier one could take, this one can.
      inGlob = star + 1;
      inName = ++starMatchEnd;
    } else {
      return false;
    }
  }
  while (glob[inGlob] === '*') inGlob++;
  return inGlob === glob.length;
}

/** Whether a glob has no wildcard, so that it is the name of the one model it matches. */
export function isName(glob: string): boolean {
  return !/[*?]/.test(glob);
}

/** Whether the globs match every name there is. */
export function matchesEverything(globs: readonly string[]): boolean {
  return globs.some((glob) => /^\*+$/.test(glob));
}
