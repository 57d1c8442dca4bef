// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const EVERY_CONTROL = new RegExp(CONTROL, 'g');

/**
 * A text of a client or a backend as it is kept: at most `maxChars` long, each control character and
 * each half of a surrogate pair replaced by U+FFFD. Databases refuse some of those, terminals obey
 * others.
 */
export function boundedText(text: string, maxChars: number): string {
  const short = text.length > maxChars ? text.slice(0, maxChars) : text;
  const whole = short.isWellFormed() ? short : short.toWellFormed();
  return CONTROL.test(whole) ? whole.replace(EVERY_CONTROL, '\ufffd') : whole;
}
