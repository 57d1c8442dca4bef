/** Begins the line that holds an event's data, as nearly every server writes it. */
export const DATA_PREFIX = 'data: ';

/** Ends an event: the end of its last line, and a blank line (WHATWG HTML §9.2.6). */
export const EVENT_END = '\n\n';

/**
 * The data by which a stream of chat or legacy completions says that it is over (OpenAI API reference,
 * `stream`).
 */
export const DONE = '[DONE]';

/** The byte that ends the name of a field; a line that begins with it is a comment. */
export const COLON = 0x3a;
