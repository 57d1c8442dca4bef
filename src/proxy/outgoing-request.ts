import { type Exchange } from '../exchange/exchange.js';
import { OF_THE_BYTES, withoutHeaders } from '../exchange/header-fields.js';
import { type OutgoingRequest } from '../exchange/request/request-edit.js';
import { type Route } from '../exchange/route.js';
import { requestHeaders } from './headers.js';
import { withParameters } from './parameters.js';
import { upstreamPath } from './path-rule.js';
import { mustBeRead } from './request-needs.js';
import { type UpstreamRequest } from './upstream.client.js';

/** The request of one attempt: the client's, with what its route and the exchange's edits change. */
export function outgoingRequest(exchange: Exchange, route: Route): UpstreamRequest {
  const draft = new Draft(exchange, route);
  const { change } = route;
  // What was read for another purpose than to be changed leaves as it came.
  if (change !== null && mustBeRead(exchange, true) && draft.bodyText !== null) {
    draft.bodyText = withParameters(draft.bodyText, change.params, change);
  }
  for (const edit of exchange.edits) edit(draft, route);
  return draft.finished();
}

/** Keeps the body as bytes unless somebody changes its text. */
class Draft implements OutgoingRequest {
  readonly method: string;
  readonly path: string;
  headers: string[];
  #text: string | null = null;
  #isChanged = false;

  constructor(
    private readonly exchange: Exchange,
    { backend }: Route,
  ) {
    const { method, path, query } = exchange.request;
    this.method = method;
    this.path = upstreamPath(backend.basePath, path) + query;
    this.headers = requestHeaders(exchange, backend);
  }

  get bodyText(): string | null {
    this.#text ??= this.exchange.body.buffered?.toString('utf8') ?? null;
    return this.#text;
  }

  set bodyText(text: string | null) {
    if (text !== this.bodyText) this.#isChanged = true;
    this.#text = text;
  }

  finished(): UpstreamRequest {
    const { method, path, headers } = this;
    const { body } = this.exchange;
    if (this.#isChanged && this.#text !== null) {
      const others = withoutHeaders(headers, OF_THE_BYTES);
      return { method, path, headers: others, body: Buffer.from(this.#text) };
    }
    if (body.isEmpty || body.buffered !== null) {
      return { method, path, headers, body: body.buffered };
    }
    // The length tells the backend where the body ends; without one it goes in chunks.
    if (body.announcedBytes !== null) headers.push('Content-Length', `${body.announcedBytes}`);
    return { method, path, headers, body: body.stream() };
  }
}
