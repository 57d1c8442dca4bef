import { type Route } from '../route.js';

/**
 * The request as it leaves for a backend. Made anew for each attempt, so edits never add up.
 */
export interface OutgoingRequest {
  readonly method: string;
  /** Origin form with the query, the backend's base path applied. */
  readonly path: string;
  /** Name, value, name, value …, without `Host`, `Content-Length` and hop-by-hop fields. */
  headers: string[];
  /** The JSON body; null when it was not read, and streams through as it comes. */
  bodyText: string | null;
}

/** A change to the request of one attempt, made when its route is known. */
export type RequestEdit = (request: OutgoingRequest, route: Route) => void;
