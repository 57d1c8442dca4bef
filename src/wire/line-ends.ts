/** The bytes that end lines, in event streams (WHATWG HTML §9.2.5) and in JSON lines. */
export const LF = 0x0a;
export const CR = 0x0d;
