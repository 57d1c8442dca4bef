/** A request target split where RFC 9112 §3.2 splits it; every byte is as the client sent it. */
export interface RequestTarget {
  /** Begins with `/`. */
  readonly path: string;
  /** With its `?`; empty without a query. */
  readonly query: string;
}

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/**
 * Reads a request target in origin or absolute form. The authority of an absolute one is dropped:
 * no client input chooses a host.
 *
 * @returns null for what names no path: asterisk and authority form, and anything else.
 */
export function parseRequestTarget(target: string): RequestTarget | null {
  const originForm = target.startsWith('/') ? target : originFormOf(target);
  if (originForm === null) return null;
  const queryStart = originForm.indexOf('?');
  return queryStart < 0
    ? { path: originForm, query: '' }
    : { path: originForm.slice(0, queryStart), query: originForm.slice(queryStart) };
}

// RFC 9112 §3.2.2: a server must accept absolute form; an empty path is `/` (RFC 9110 §4.2.3).
function originFormOf(target: string): string | null {
  const authority = ABSOLUTE_FORM.exec(target)?.[0];
  if (authority === undefined) return null;
  const rest = target.slice(authority.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
