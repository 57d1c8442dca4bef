/**
 * A chat request as finished bytes.
 * @param {string} model what the upstream shall answer with
 * @returns {Buffer}
 */
export function chatRequest(model) {
  const body = chatRequestBody(model);
  return Buffer.from(
    'POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n' +
      'Authorization: Bearer bench\r\nContent-Type: application/json\r\n' +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  );
}

/** The body of such a request; only the model named `json` is not streamed. @param {string} model */
export function chatRequestBody(model) {
  const messages = [{ role: 'user', content: 'Say something.' }];
  return JSON.stringify({ model, stream: model !== 'json', messages });
}
