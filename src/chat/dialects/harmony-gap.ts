/** What a message begins with when its header comes without a marker before it. */
const RECIPIENT = 'to=';

/** Left over where a server swallowed the markers around them. */
const BARE_WORDS = { call: ['assistant', 'commentary'], other: ['assistant'] } as const;

/**
 * Whether the text between two harmony messages is none, or may yet turn out to be none: white
 * space, or a bare word that belongs to a header.
 *
 * @param state - `growing` while more of it may follow
 * @param behind - the marker before it
 */
export function mayBeBareWord(
  gap: string,
  state: 'whole' | 'growing',
  behind: keyof typeof BARE_WORDS,
): boolean {
  const word = gap.trim();
  if (word === '') return true;
  const words: readonly string[] = BARE_WORDS[behind];
  if (words.includes(word)) return true;
  const mayGrow = state === 'growing' && gap.trimEnd() === gap;
  return mayGrow && words.some((bare) => bare.startsWith(word));
}

/** Whether a text is the beginning of a header: white space, then `to=`. */
export function beginsRecipient(text: string): boolean {
  return text.trimStart().startsWith(RECIPIENT);
}

/** Whether a text may yet turn out to be one. */
export function mayBeginRecipient(text: string): boolean {
  return RECIPIENT.startsWith(text.trimStart());
}
