import { createMarkerScanner } from '../marker-scanner.js';

/** Begins a message, with its author. */
export const START = '<|start|>';
/** Behind it stands the channel. */
export const CHANNEL = '<|channel|>';
/** Ends the header and begins the body. */
export const MESSAGE = '<|message|>';
/** Behind it stands the content type of the body. */
export const CONSTRAIN = '<|constrain|>';
/** Ends a message that is a tool call. */
export const CALL = '<|call|>';
const END = '<|end|>';
const RETURN = '<|return|>';
/** Begins the word of a header that names whom the message is for; no marker of its own. */
export const RECIPIENT = 'to=';

/** The markers that matter in each part of a text. */
export const HARMONY_SCANNERS = {
  outside: createMarkerScanner([START, CHANNEL, MESSAGE, CONSTRAIN, END, RETURN, CALL]),
  header: createMarkerScanner([START, MESSAGE, END, RETURN, CALL]),
  body: createMarkerScanner([START, END, RETURN, CALL]),
} as const;

/** Without one of them a text is content: a recipient's beginning makes a header by itself. */
export const HARMONY_TELL_TALES: readonly string[] = [
  START,
  CHANNEL,
  MESSAGE,
  CONSTRAIN,
  END,
  RETURN,
  CALL,
  RECIPIENT,
];
