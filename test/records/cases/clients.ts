import { requestText } from '../../support/client/http-text.js';
import { headerIn, type RawClient, type RawReply } from '../../support/client/raw-client.js';
import { type Barriers, type Seen } from './exchange-case.js';

export const USUAL_KEY = 'sk-sentinel-of-the-client';
/** Of the usual key, by sha256sum. */
export const USUAL_FINGERPRINT = 'cd3350777e46';
export const OTHER_KEY = 'sk-sentinel-of-another';
export const OTHER_FINGERPRINT = 'df556670b3a0';

/** Header lines of a JSON request. */
export function headersOf(id: string, ...others: readonly string[]): string[] {
  const usual = others.length > 0 ? others : [`Authorization: Bearer ${USUAL_KEY}`];
  return ['Content-Type: application/json', `x-request-id: ${id}`, ...usual];
}

/** A chat completion with these members beside its messages. */
export function chat(id: string, fields: object, ...headers: readonly string[]): string {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], ...fields });
  return requestText('POST /v1/chat/completions', { headers: headersOf(id, ...headers), body });
}

/** A request to another endpoint. */
export function post(path: string, body: string): (id: string) => string {
  return (id) => requestText(`POST ${path}`, { headers: headersOf(id), body });
}

export async function wholeReply(client: RawClient): Promise<Seen> {
  const reply = await client.reply();
  return { ...headSeen(reply), bytes: reply.body.length };
}

/** Of a HEAD request: a head that tells a length, and no body. */
export async function headAlone(client: RawClient): Promise<Seen> {
  return { ...headSeen(await client.head()), bytes: client.reader.received.length };
}

/** The bytes of a chunked body that ends, or is cut, however it wants. */
export async function streamedReply(client: RawClient, { noteClientSaw }: Barriers): Promise<Seen> {
  const head = await client.head();
  let bytes = 0;
  for (;;) {
    const chunk = await client.chunk();
    if (chunk === '') return { ...headSeen(head), bytes };
    bytes += chunk.length;
    noteClientSaw();
  }
}

/** The bytes of a body that tells its length and breaks off after `half`. */
export function cutReply(half: string): (client: RawClient, barriers: Barriers) => Promise<Seen> {
  return async (client, { noteClientSaw }) => {
    const head = await client.head();
    await client.reader.takeBytes(half.length);
    noteClientSaw();
    await client.ended();
    return { ...headSeen(head), bytes: half.length + client.reader.received.length };
  };
}

/** Leaves once a barrier is lifted, with nothing of an answer. */
export function goneAt(barrier: (barriers: Barriers) => Promise<void>) {
  return async (client: RawClient, barriers: Barriers): Promise<Seen> => {
    await barrier(barriers);
    client.reset();
    return { status: null, bytes: 0, attempts: null };
  };
}

export function headSeen({
  status,
  headerLines,
}: Omit<RawReply, 'body'>): Pick<Seen, 'status' | 'attempts'> {
  const attempts = headerIn(headerLines, 'x-sluice-attempts');
  return { status, attempts: attempts === null ? null : Number(attempts) };
}
