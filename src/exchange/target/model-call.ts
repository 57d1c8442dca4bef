/** The form of a completion: chat, or the legacy one, whose reply is one text. */
export type CompletionForm = 'chat' | 'legacy';

/** A request whose JSON names a model. */
export interface ModelCall {
  /** Of those whose replies may hold reasoning; null for all others. */
  readonly completion: CompletionForm | null;
  /** It leaves nothing behind. Others may store, cost twice, or belong to one place. */
  readonly isRepeatable: boolean;
}

const CHAT: ModelCall = { completion: 'chat', isRepeatable: true };
const LEGACY: ModelCall = { completion: 'legacy', isRepeatable: true };
const REPEATABLE: ModelCall = { completion: null, isRepeatable: true };
const SINGLE: ModelCall = { completion: null, isRepeatable: false };

const CALLS: readonly (readonly [path: string, call: ModelCall])[] = [
  ['/chat/completions', CHAT],
  ['/completions', LEGACY],
  ['/embeddings', REPEATABLE],
  ['/moderations', REPEATABLE],
  ['/messages', REPEATABLE],
  ['/rerank', REPEATABLE],
  ['/tokenize', REPEATABLE],
  ['/responses', SINGLE],
  ['/images/generations', SINGLE],
  ['/audio/speech', SINGLE],
];

const BY_PATH: ReadonlyMap<string, ModelCall> = new Map([...CALLS, ...CALLS.map(versioned)]);

/**
 * Tells a call of a model by its path (without the query), which counts as a whole, the version
 * being optional: what lies below `/v1/chat/completions` is no chat.
 *
 * @returns null for any other path
 */
export function modelCallAt(path: string): ModelCall | null {
  return BY_PATH.get(path) ?? null;
}

function versioned([path, call]: readonly [string, ModelCall]): readonly [string, ModelCall] {
  return [`/v1${path}`, call];
}
