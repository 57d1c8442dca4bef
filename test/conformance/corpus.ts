import { readFileSync } from 'node:fs';

/** Where a case comes from. */
interface CorpusCase {
  readonly id: string;
  readonly source: string;
  readonly note: string;
}

/** A message of a model in some notation and what is in it; `null` and `''` mean the same. */
export interface TextCase extends CorpusCase {
  readonly license: string;
  readonly format: 'harmony' | 'tag' | 'tag-implicit' | 'think' | 'think-implicit';
  readonly input: string;
  readonly expected: {
    readonly reasoning: string | null;
    readonly content: string | null;
    readonly messages?: readonly HarmonyMessage[];
    readonly tool_calls?: readonly { readonly recipient: string; readonly arguments: string }[];
    readonly strict_mode?: 'error';
  };
  readonly options: TextOptions;
  /** Only as a stream, only as a JSON body, or (null) both. */
  readonly streaming: boolean | null;
  /** Whether all of the expectation is the source's. */
  readonly exact: boolean;
  /** How the source cuts the input. */
  readonly chunks?: readonly string[];
  /** What has left after each chunk. */
  readonly steps?: readonly {
    readonly in: string;
    readonly reasoning: string;
    readonly content: string;
  }[];
}

/** One message of a text in the harmony notation. */
export interface HarmonyMessage {
  readonly role: string;
  readonly text: string;
  readonly channel?: string;
  readonly recipient?: string;
  readonly content_type?: string;
}

/** The notation of a text case: `harmony`, or a tag dialect by the names of the configuration. */
export interface TextOptions {
  readonly dialect?: 'harmony';
  readonly open?: string;
  readonly close?: string;
  readonly implicit_open?: boolean;
  readonly scope?: 'leading' | 'anywhere';
  readonly trim?: 'lead';
  readonly tool_open?: readonly string[];
  readonly join?: string;
  /** Absent: reasoning in a field of its own. */
  readonly output?: 'keep' | 'strip' | 'tags';
  readonly tag_open?: string;
  readonly tag_close?: string;
}

/** An event of an event stream as a client sees it. */
export interface SseEvent {
  readonly type: string;
  readonly data: string;
  /** The last event id; absent where the source does not say. */
  readonly id?: string;
}

/** An event stream and its events. */
export interface SseCase extends CorpusCase {
  readonly license: string;
  /** The stream's text; on the wire it is UTF-8. */
  readonly raw: string;
  readonly expected_events: readonly SseEvent[];
  /** What is delivered where an unterminated last event is flushed. */
  readonly tolerant_events?: readonly SseEvent[];
  readonly chunks?: readonly string[];
  /** Bytes in each write of the source's test. */
  readonly split_bytes?: number;
  readonly comments?: readonly string[];
  /** Milliseconds of the reconnection time at the end. */
  readonly retry?: number;
  readonly fallback_body?: string;
}

/** An exchange: what the upstream answers, what the client must receive. */
export interface WireCase extends CorpusCase {
  readonly config: {
    readonly dialect: 'tag' | 'harmony' | 'mistral-parts';
    readonly mode: 'keep' | 'strip' | 'tags' | 'reasoning_content' | 'reasoning';
    readonly open?: string;
    readonly close?: string;
    readonly implicit_open?: boolean;
    readonly scope?: 'leading' | 'anywhere';
    readonly trim?: 'lead' | 'none';
  };
  readonly request_stream: boolean;
  readonly upstream: {
    readonly status: number;
    readonly content_type: string;
    /** Before `content_encoding` is applied. */
    readonly body: string;
  };
  readonly content_encoding?: 'gzip';
  readonly tag_open?: string;
  readonly tag_close?: string;
  readonly expected: WireExpectation;
}

/** What is absent is not asserted. */
export interface WireExpectation {
  readonly byte_identical?: boolean;
  readonly status?: number;
  /** By the choice's index. */
  readonly choices?: Readonly<Record<string, ChoiceExpectation>>;
  /** Whether `[DONE]` comes, or in words when it may. */
  readonly done?: boolean | string;
  readonly usage?: unknown;
  readonly error?: { readonly message: string; readonly code: number };
  readonly comments?: readonly string[];
  readonly order?: readonly ('content' | 'tool_calls')[];
  readonly passthrough_events?: readonly string[];
  readonly must_contain?: readonly string[];
  readonly must_not_contain?: readonly string[];
}

/** The sum of a choice's deltas, or its message. */
export interface ChoiceExpectation {
  readonly role?: string;
  readonly content?: string | null;
  readonly reasoning?: string;
  readonly finish_reason?: string | null;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly name: string;
    readonly arguments: string;
  }[];
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`corpus/${file}`, import.meta.url), 'utf8'));
}

export const harmonyCases = read('harmony.json') as readonly TextCase[];
export const tagCases = read('ollama_vercel_cotproxy.json') as readonly TextCase[];
export const sseCases = read('sse.json') as readonly SseCase[];
export const wireCases = read('wire.json') as readonly WireCase[];
