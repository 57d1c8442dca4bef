import { type ReasoningInput } from '../../config/typed/reasoning-policy.js';
import { bytesOfUtf8 } from '../../wire/byte-text.js';
import { REASONING_FIELD_NAMES } from '../../wire/reasoning-field-names.js';
import { tellTalesOf } from '../dialects/tell-tales.js';

/** A body may have them where a marker has a character: `\u003c` for one, `\/` for another. */
const HIDING_ESCAPES = String.raw`\\[u/]`;

/**
 * Reasoning beside the text is in a field of these names, or in a part that has `thinking`. A name
 * that contains another is found by that one.
 */
const FIELDS = [...REASONING_FIELD_NAMES].filter(
  (name, _, names) => !names.some((other) => other !== name && name.includes(other)),
);

/** What no string of a JSON text holds as it is (RFC 8259 §7). */
const ESCAPED_IN_JSON = /["\\\p{Cc}]/u;

/** Tells by one search whether the JSON of a reply may hold anything that is rewritten. */
export type QuickLook = (json: string) => boolean;

/**
 * @param movesFields - whether reasoning that comes in a field is brought to another place
 * @returns given a body as a byte string, false only where nothing in it can matter
 */
export function createQuickLook(input: ReasoningInput, movesFields: boolean): QuickLook {
  const markers = tellTalesOf(input)?.map(beginningInJson);
  if (markers === undefined || markers.includes('')) return () => true;
  const wanted = [HIDING_ESCAPES, ...markers.map(literally), ...(movesFields ? FIELDS : [])];
  const pattern = new RegExp(wanted.join('|'));
  return (json) => pattern.test(json);
}

/** As much of a marker as stands in JSON as it is, in bytes. */
function beginningInJson(marker: string): string {
  return bytesOfUtf8(marker.split(ESCAPED_IN_JSON, 1)[0] ?? '');
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
