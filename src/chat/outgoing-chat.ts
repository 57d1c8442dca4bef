import { type ReasoningPolicy } from '../config/reasoning-policy.js';
import { type OutgoingRequest } from '../exchange/request/request-edit.js';
import { withHistory } from './history/history.js';

/** Brings reasoning in earlier assistant messages into the form that the backend takes. */
export function editHistory(request: OutgoingRequest, policy: ReasoningPolicy): void {
  if (policy.history === 'keep' || request.bodyText === null) return;
  request.bodyText = withHistory(request.bodyText, policy);
}
