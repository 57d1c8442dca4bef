import { type Exchange } from '../../exchange.js';
import { isNamed } from '../../header-fields.js';
import { isRequestId } from '../../request/request-id.js';
import { type RawHeaders } from '../reply.js';

/**
 * The header fields of a reply as the client gets them: those of the reply, in their order, then
 * Sluice's own. Its `x-request-id` is the exchange's; a different one of the upstream comes back as
 * `x-upstream-request-id`. Which backend answered is said once: an upstream that is a Sluice itself
 * says it of its own.
 */
export function clientHeaders(exchange: Exchange, replyHeaders: RawHeaders): string[] {
  const headers = withoutOwnFields(exchange.id, replyHeaders);
  headers.push('x-request-id', exchange.id);
  const { route, facts } = exchange;
  if (route !== null) {
    headers.push('x-sluice-backend', route.backend.name, 'x-sluice-attempts', `${facts.attempts}`);
  }
  return headers;
}

function withoutOwnFields(id: string, headers: RawHeaders): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const value = headers[at + 1] ?? '';
    if (isNamed(name, 'x-sluice-backend') || isNamed(name, 'x-sluice-attempts')) continue;
    if (!isNamed(name, 'x-request-id')) kept.push(name, value);
    else if (value !== id && isRequestId(value)) kept.push('x-upstream-request-id', value);
  }
  return kept;
}
