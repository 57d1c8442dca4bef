import { configOf } from '../support/gateway/config.js';
import { type Scene, type SceneOptions, useScenes } from '../support/gateway/scene.js';
import { deltaEvent, FINISH, textEvent, usageEvent } from '../support/upstream/chat-events.js';
import { type UpstreamScript } from '../support/upstream/scripted-upstream.js';

/** Settings with analytics on, without which no usage is looked for. */
export const settings = { analytics: { ...configOf([]).settings.analytics, isEnabled: true } };

export const MESSAGES = '"messages":[{"role":"user","content":"hi"}]';
export const STREAM = `{"model":"m",${MESSAGES},"stream":true}`;
/** The same as it goes upstream where the client did not ask for the usage. */
export const STREAM_ASKED = `{"model":"m",${MESSAGES},"stream":true,"stream_options":{"include_usage":true}}`;

export const ANSWER = deltaEvent({ role: 'assistant', content: '' }) + textEvent('Hi');
export const ENDED = ANSWER + FINISH;
export const REPORTED = { prompt_tokens: 9, completion_tokens: 3 };
export const USAGE = usageEvent(REPORTED);

/** A gateway that wants to know what is used, before a backend that answers by script. */
export interface UsageScene extends Scene {
  /** Bodies of the requests that came upstream; another script notes its own there. */
  readonly bodies: string[];
}

export type StartUsageScene = (
  script: UpstreamScript,
  options?: SceneOptions,
) => Promise<UsageScene>;

/** For the tests of a file; all of a scene goes when its test ends. */
export function useUsageScenes(): StartUsageScene {
  const scenes = useScenes();
  return async (script, options = {}) => {
    const bodies: string[] = [];
    const set = await scenes.scene(
      async (turn) => {
        bodies.push(await turn.body());
        await script(turn);
      },
      { settings, ...options },
    );
    return { ...set, bodies };
  };
}

/** A stream of these chunks, each written by itself. */
export const streaming =
  (...chunks: readonly string[]): UpstreamScript =>
  async (turn) => {
    await turn.beginStream();
    for (const chunk of chunks) await turn.chunk(chunk);
    await turn.endStream();
  };
