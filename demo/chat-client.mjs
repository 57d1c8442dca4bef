/**
 * What a client received of one chat completion.
 * @typedef {object} Received
 * @property {number} status
 * @property {Record<string, string>} fields the text of each field of the message, by name
 * @property {string[]} finishes finish reasons, in the order they came
 * @property {number} roles how often a role was announced
 * @property {number} chunks events of a stream before `[DONE]`, 0 for JSON
 * @property {boolean} isComplete a stream ended with `[DONE]`; JSON always is
 * @property {number} firstMs until the first text
 * @property {number} totalMs
 */

/**
 * Sends one chat completion and reads the reply to its end.
 * @param {string} baseUrl ending in `/v1`
 * @param {object} request the body
 * @returns {Promise<Received>}
 */
export async function chat(baseUrl, request) {
  const startedAt = performance.now();
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const received = {
    status: response.status,
    fields: {},
    finishes: [],
    roles: 0,
    chunks: 0,
    isComplete: false,
    firstMs: 0,
    totalMs: 0,
  };
  if (request.stream) await readStream(response, received, startedAt);
  else takeChoice((await response.json()).choices?.[0], 'message', received, startedAt);
  received.isComplete ||= !request.stream;
  received.totalMs = performance.now() - startedAt;
  return received;
}

async function readStream(response, received, startedAt) {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of response.body) {
    const events = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) takeEvent(event, received, startedAt);
  }
}

function takeEvent(event, received, startedAt) {
  if (!event.startsWith('data: ')) return;
  const text = event.slice('data: '.length);
  if (text === '[DONE]') {
    received.isComplete = true;
    return;
  }
  received.chunks += 1;
  takeChoice(JSON.parse(text).choices?.[0], 'delta', received, startedAt);
}

function takeChoice(choice, key, received, startedAt) {
  if (!choice) return;
  const { role, ...fields } = choice[key];
  if (role) received.roles += 1;
  if (choice.finish_reason) received.finishes.push(choice.finish_reason);
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'string' || value === '') continue;
    received.firstMs ||= performance.now() - startedAt;
    received.fields[name] = (received.fields[name] ?? '') + value;
  }
}
