import { type ReportedUsage } from '../../../exchange/facts/tokens-of.js';

/**
 * The usage of a stream of Anthropic's Messages, whose first event counts the request, and whose
 * last one counts the reply.
 *
 * @param start - of the first event; null where there is none
 * @param last - of the last event that has one, which may be the first event
 */
export function usageOfMessages(
  start: ReportedUsage | null,
  last: ReportedUsage | null,
): ReportedUsage | null {
  if (start === null) return last;
  const usage: Record<string, unknown> = { ...start };
  // At the start the reply has one token; what it came to is only told at the end.
  delete usage.output_tokens;
  const isAtEnd = last !== null && JSON.stringify(last) !== JSON.stringify(start);
  for (const [name, value] of Object.entries(isAtEnd ? last : {})) {
    if (value !== null) usage[name] = value;
  }
  return usage;
}
