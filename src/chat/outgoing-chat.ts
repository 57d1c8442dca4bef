import { type ReasoningPolicy } from '../config/sluice-config.js';
import { type OutgoingRequest } from '../exchange/request-edit.js';
import { withHistory } from './history/history.js';
import { withoutHeaders } from './header-fields.js';

const ACCEPT_ENCODING: ReadonlySet<string> = new Set(['accept-encoding']);

/** Asks for a reply that is not compressed, as it is to be read (RFC 9110 §12.5.3). */
export function askForPlainBytes(request: OutgoingRequest): void {
  request.headers = [
    ...withoutHeaders(request.headers, ACCEPT_ENCODING),
    'Accept-Encoding',
    'identity',
  ];
}

/** Brings reasoning in earlier assistant messages into the form that the backend takes. */
export function editHistory(request: OutgoingRequest, policy: ReasoningPolicy): void {
  if (policy.history === 'keep' || request.bodyText === null) return;
  request.bodyText = withHistory(request.bodyText, policy);
}
