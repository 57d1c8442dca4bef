// Special tokens leave a model whole; a tag such as <think> arrives in pieces.
const TOKEN = /<\|[A-Za-z_]+\|>|\s*[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;

/**
 * Cuts a text the way a model's tokens would.
 * @param {string} text
 * @returns {string[]} the pieces, which join to the text again
 */
export function tokensOf(text) {
  return text.match(TOKEN) ?? [];
}
