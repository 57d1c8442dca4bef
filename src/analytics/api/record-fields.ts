import { OUTCOMES, PHASES } from '../../exchange/facts/exchange-facts.js';
import { type ExchangeRecord } from '../record/exchange-record.js';

/** What a field of a record holds, as far as filters, exports and schemas differ by it. */
export type RecordField =
  | { readonly kind: 'text'; readonly choices?: readonly string[]; readonly about: string }
  | {
      readonly kind: 'integer' | 'number' | 'boolean' | 'instant' | 'attempts' | 'body';
      readonly about: string;
    };

/** The name of a field, which is also that of its column. */
export type RecordFieldName = keyof ExchangeRecord;

/** Every field of a record, in the order in which lists and exports show them. */
export const RECORD_FIELDS: Readonly<Record<RecordFieldName, RecordField>> = {
  record_id: { kind: 'text', about: 'Unlike that of any other record.' },
  id: { kind: 'text', about: 'The `x-request-id`, which a client may choose.' },
  started_at: { kind: 'instant', about: 'When the request came in.' },
  tenant: { kind: 'text', about: 'On whose account it goes.' },
  key_fingerprint: {
    kind: 'text',
    about: "First 12 hexadecimal digits of the SHA-256 of the client's key.",
  },
  method: { kind: 'text', about: 'Request method.' },
  path: { kind: 'text', about: 'Request path, without the query.' },
  endpoint: { kind: 'text', about: 'Family of the path: `chat`, `embeddings`, …, `other`.' },
  requested_model: { kind: 'text', about: 'The model the client asked for.' },
  model: { kind: 'text', about: 'The model the backend was asked for.' },
  backend: { kind: 'text', about: 'The backend of the last attempt.' },
  attempts: { kind: 'integer', about: 'How many attempts were made.' },
  attempt_log: { kind: 'attempts', about: 'Each attempt, in order.' },
  status: { kind: 'integer', about: 'Status the client got.' },
  outcome: { kind: 'text', choices: OUTCOMES, about: 'How it ended.' },
  error_code: { kind: 'text', about: "The `code` of Sluice's own error." },
  phase: { kind: 'text', choices: PHASES, about: 'Where it ended.' },
  stream: { kind: 'boolean', about: 'Whether the client asked for an event stream, or got one.' },
  headers_ms: { kind: 'number', about: "Until the reply's head." },
  first_token_ms: { kind: 'number', about: 'Until the first token of reasoning or answer.' },
  first_reasoning_ms: { kind: 'number', about: 'Until the first token of reasoning.' },
  first_answer_ms: { kind: 'number', about: 'Until the first token of the answer.' },
  inter_token_p50_ms: { kind: 'number', about: 'Between two deliveries of a stream, median.' },
  inter_token_p99_ms: { kind: 'number', about: 'Between two deliveries, 99th percentile.' },
  total_ms: { kind: 'number', about: 'Until the end.' },
  tokens_per_second: { kind: 'number', about: 'Completion tokens a second.' },
  prompt_tokens: { kind: 'integer', about: 'Of the request, cached ones included.' },
  completion_tokens: { kind: 'integer', about: 'Of the reply, reasoning included.' },
  reasoning_tokens: { kind: 'integer', about: 'Of the reply, reasoning alone.' },
  cached_tokens: { kind: 'integer', about: 'Of the request, read from a cache.' },
  usage_source: {
    kind: 'text',
    choices: ['reported', 'estimated', 'none'],
    about: 'Where the numbers of tokens come from.',
  },
  cost_usd: { kind: 'number', about: 'Null where the price or the tokens are unknown.' },
  bytes_in: { kind: 'integer', about: "Of the request's body." },
  bytes_out: { kind: 'integer', about: "Of the reply's body." },
  finish_reason: { kind: 'text', about: 'Why the model stopped.' },
  traceparent: { kind: 'text', about: "The client's trace (W3C Trace Context)." },
  request: { kind: 'body', about: 'The captured request: JSON as it is, all else as text.' },
  reply: { kind: 'body', about: 'The captured reply; a stream as the message it amounts to.' },
};

/** The fields with their names, in order. */
export const NAMED_FIELDS: readonly (readonly [RecordFieldName, RecordField])[] =
  entriesOf(RECORD_FIELDS);

/** Those of lists and exports: bodies are shown with a single record only. */
export const LISTED_FIELDS: readonly (readonly [RecordFieldName, RecordField])[] =
  NAMED_FIELDS.filter(([, { kind }]) => kind !== 'body');

function entriesOf<Name extends string, Value>(
  table: Readonly<Record<Name, Value>>,
): [Name, Value][] {
  const entries: [Name, Value][] = [];
  for (const name in table) entries.push([name, table[name]]);
  return entries;
}
