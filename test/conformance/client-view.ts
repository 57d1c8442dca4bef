import { utf8OfBytes } from '../../src/wire/byte-text.js';
import { readSseLines, sseData } from '../../src/wire/sse/sse-lines.js';

/** What a client makes of one choice: the sum of its chunks, or the message. */
export interface ChoiceSeen {
  content: string;
  hasContent: boolean;
  reasoning: Record<string, string>;
  toolCalls: { id: string; name: string; arguments: string }[];
  roles: string[];
  finishReasons: string[];
  /** Kinds in the order in which they first came. */
  order: string[];
  /** Whether one delta carried reasoning and content. */
  mixedDelta: boolean;
  /** Whether anything came after the finish reason. */
  afterFinish: boolean;
}

/** What a client makes of a reply. */
export interface ReplySeen {
  choices: Record<string, ChoiceSeen>;
  usage: unknown;
  error: unknown;
  isDone: boolean;
  comments: string[];
  unreadable: string[];
  deltas: { index: number; delta: Record<string, unknown> }[];
}

/* The reply is JSON from outside, read as a client without types would. */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call, @typescript-eslint/restrict-plus-operands */

function emptyReply(): ReplySeen {
  return {
    choices: {},
    usage: undefined,
    error: undefined,
    isDone: false,
    comments: [],
    unreadable: [],
    deltas: [],
  };
}

function choiceOf(reply: ReplySeen, index: number): ChoiceSeen {
  return (reply.choices[String(index)] ??= {
    content: '',
    hasContent: false,
    reasoning: {},
    toolCalls: [],
    roles: [],
    finishReasons: [],
    order: [],
    mixedDelta: false,
    afterFinish: false,
  });
}

function seeKind(choice: ChoiceSeen, kind: string): void {
  if (!choice.order.includes(kind)) choice.order.push(kind);
}

function addBody(choice: ChoiceSeen, body: any): void {
  if (typeof body?.role === 'string') choice.roles.push(body.role);
  let hasReasoning = false;
  for (const name of ['reasoning_content', 'reasoning', 'thinking']) {
    if (typeof body?.[name] !== 'string' || body[name] === '') continue;
    hasReasoning = true;
    choice.reasoning[name] = (choice.reasoning[name] ?? '') + body[name];
    seeKind(choice, 'reasoning');
  }
  const text = typeof body?.content === 'string' ? body.content : body?.text;
  if (typeof text === 'string') {
    choice.hasContent = true;
    choice.content += text;
    if (text !== '') seeKind(choice, 'content');
    if (text !== '' && hasReasoning) choice.mixedDelta = true;
  }
  for (const [position, call] of (body?.tool_calls ?? []).entries()) {
    seeKind(choice, 'tool_calls');
    const index: number = call.index ?? position;
    const known = (choice.toolCalls[index] ??= { id: '', name: '', arguments: '' });
    known.id += call.id ?? '';
    known.name += call.function?.name ?? '';
    known.arguments += call.function?.arguments ?? '';
  }
}

function addValue(reply: ReplySeen, value: any): void {
  if (value?.error != null) reply.error = value.error;
  if (value?.usage != null) reply.usage = value.usage;
  for (const item of value?.choices ?? []) {
    const choice = choiceOf(reply, item.index ?? 0);
    const body = item.delta ?? item.message ?? item;
    const isBare = Object.values(body).every((part) => part === null || part === '');
    if (choice.finishReasons.length > 0 && !isBare) choice.afterFinish = true;
    reply.deltas.push({ index: item.index ?? 0, delta: body });
    addBody(choice, body);
    const finish: unknown = item.finish_reason;
    if (typeof finish === 'string' && finish !== '') choice.finishReasons.push(finish);
  }
}

/** Reads an event stream as a client would. */
export function seeStream(bytes: Uint8Array): ReplySeen {
  const reply = emptyReply();
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');
  for (const block of text.replace(/\r\n?/g, '\n').split('\n\n')) {
    const lines = readSseLines(block);
    for (const { field, value } of lines) if (field === 'comment') reply.comments.push(value);
    const data = sseData(lines);
    if (data === null) continue;
    if (data.trim() === '[DONE]') {
      reply.isDone = true;
      continue;
    }
    try {
      addValue(reply, JSON.parse(utf8OfBytes(data)));
    } catch {
      reply.unreadable.push(data);
    }
  }
  return reply;
}

/** Reads a JSON body as a client would. */
export function seeJson(bytes: Uint8Array): ReplySeen {
  const reply = emptyReply();
  addValue(reply, JSON.parse(Buffer.from(bytes).toString('utf8')));
  return reply;
}
