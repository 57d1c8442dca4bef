/** A request as bytes: request line, `Host` (a local name, as `/analytics` wants), the given lines, and a body with its length. */
export function requestText(
  requestLine: string,
  { headers = [], body }: { readonly headers?: readonly string[]; readonly body?: string } = {},
): string {
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [`${requestLine} HTTP/1.1`, 'Host: localhost', ...headers, ...length];
  const head = `${lines.join('\r\n')}\r\n\r\n`;
  return head + Buffer.from(body ?? '').toString('latin1');
}

/** A chat completion request as bytes. */
export function chatText(
  body = '{"model":"m","messages":[{"role":"user","content":"hi"}]}',
): string {
  const headers = ['Content-Type: application/json'];
  return requestText('POST /v1/chat/completions', { headers, body });
}
