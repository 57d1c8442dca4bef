/**
 * The fragment by which GitHub links a heading: lower case, without punctuation, spaces as hyphens.
 *
 * @param {string} heading the text behind the `#`
 * @returns {string}
 */
export function headingSlug(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
}
