import { chat } from '../demo/chat-client.mjs';
import { chatRequestBody } from './load/chat-request.mjs';

/**
 * Throws unless a subject passes a reply on byte for byte.
 * @param {{ name: string, port: number }} subject
 * @param {{ model: string, body: string }} expected
 */
export async function checkBytes({ name, port }, { model, body }) {
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: chatRequestBody(model),
  });
  const received = await response.text();
  if (response.status === 200 && received === body) return;
  throw new Error(
    `${name} does not pass "${model}" on as it is: ${response.status} ${received.slice(0, 200)}`,
  );
}

/**
 * Throws unless the message a subject delivers has these texts and no others.
 * @param {{ name: string, port: number }} subject
 * @param {{ model: string, fields: Record<string, string> }} expected
 */
export async function checkFields({ name, port }, { model, fields }) {
  const request = JSON.parse(chatRequestBody(model));
  const received = await chat(`http://127.0.0.1:${port}/v1`, request);
  const [wanted, got] = [fields, received.fields].map((texts) =>
    JSON.stringify(Object.entries(texts).sort()),
  );
  if (received.status === 200 && received.isComplete && wanted === got) return;
  throw new Error(`${name} delivers "${model}" wrongly: ${received.status} ${got.slice(0, 300)}`);
}
