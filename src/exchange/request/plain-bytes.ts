import { withoutHeaders } from '../header-fields.js';
import { type OutgoingRequest } from './request-edit.js';

const ACCEPT_ENCODING: ReadonlySet<string> = new Set(['accept-encoding']);

/** Asks for a reply that is not compressed, as it is to be read (RFC 9110 §12.5.3). */
export function askForPlainBytes(request: OutgoingRequest): void {
  request.headers = [
    ...withoutHeaders(request.headers, ACCEPT_ENCODING),
    'Accept-Encoding',
    'identity',
  ];
}
