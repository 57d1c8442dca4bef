/** Ends in the line it began in, as does all that is read here. */
const TEXT = /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"/.source;
const SCALAR = `(?:${TEXT}|[\\w.+-]+)`;
const SPACE = '[ \\t]*';
const MEMBERS = `(?:${SPACE}${TEXT}${SPACE}:${SPACE}${SCALAR}${SPACE},)*`;

const BEGUN_CHOICE = new RegExp(
  `^[\\r\\n]*data:${SPACE}\\{${MEMBERS}${SPACE}"choices"${SPACE}:${SPACE}\\[${SPACE}[^ \\t\\r\\n\\]]`,
);

/**
 * Whether the data of an event is a chunk with a choice, as its beginning alone can tell: nothing
 * but its members' names and short values stand before the choice, as nearly every server writes it.
 * Of a comment, another line or a deeper value that looks like a choice nothing is believed.
 *
 * @param head - the beginning of the event, as a byte string
 * @returns false also where only the whole event could tell
 */
export function hasBegunChoice(head: string): boolean {
  return BEGUN_CHOICE.test(head);
}
