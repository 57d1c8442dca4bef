import { type ReasoningPolicy } from '../config/sluice-config.js';
import { type OutgoingRequest } from '../exchange/request-edit.js';
import { withHistory } from './history/history.js';

/** Asks for a reply that is not compressed, as it is to be read (RFC 9110 §12.5.3). */
export function askForPlainBytes(request: OutgoingRequest): void {
  const kept: string[] = [];
  const { headers } = request;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (name.toLowerCase() !== 'accept-encoding') kept.push(name, headers[at + 1] ?? '');
  }
  request.headers = [...kept, 'Accept-Encoding', 'identity'];
}

/** Brings reasoning in earlier assistant messages into the form that the backend takes. */
export function editHistory(request: OutgoingRequest, policy: ReasoningPolicy): void {
  if (policy.history === 'keep' || request.bodyText === null) return;
  request.bodyText = withHistory(request.bodyText, policy);
}
