/** What every chunk of a chat completion says beside its choices. */
const CHUNK = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' };

/** Ends a stream of chat completions. */
export const DONE = 'data: [DONE]\n\n';

/** An event with this as JSON. */
export function dataEvent(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** An event that tells what is new of the only choice. */
export function deltaEvent(delta: object, finishReason: string | null = null): string {
  return dataEvent({ ...CHUNK, choices: [{ index: 0, delta, finish_reason: finishReason }] });
}

/** An event with a piece of the answer. */
export function textEvent(content: string): string {
  return deltaEvent({ content });
}

/** The event in which the model says that its answer ends. */
export const FINISH = deltaEvent({}, 'stop');

/** The event without choices that comes last where the client asks for the usage. */
export function usageEvent(usage: object): string {
  return dataEvent({ ...CHUNK, choices: [], usage });
}
