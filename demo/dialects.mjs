import { tokensOf } from './tokens.mjs';

/** What every scripted model thinks and answers; only the notation differs. */
export const REASONING = 'The user asks for the capital of France. Easy: it is Paris.';
export const ANSWER = 'The capital of France is Paris — the city of light.';

/**
 * One scripted model. The stream's deltas add up to the message, as with a real server.
 * @typedef {object} ScriptedModel
 * @property {readonly object[]} deltas what the stream carries, one token each
 * @property {object} message what the JSON reply carries besides its role
 */

/**
 * The models by name. A tag dialect is named after its preset; `field-…` models put their
 * reasoning beside the content instead of into it.
 * @type {ReadonlyMap<string, ScriptedModel>}
 */
export const MODELS = new Map(
  Object.entries({
    plain: inText(ANSWER),
    harmony: inText(
      `<|channel|>analysis<|message|>${REASONING}<|end|>` +
        `<|start|>assistant<|channel|>final<|message|>${ANSWER}<|return|>`,
    ),
    'harmony-tools': inText(
      '<|channel|>analysis<|message|>I need the weather, so I call the tool.<|end|>' +
        '<|start|>assistant<|channel|>commentary<|message|>Let me look at the weather.<|end|>' +
        '<|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json' +
        '<|message|>{"city":"Paris"}<|call|>',
    ),
    think: inText(`<think>\n${REASONING}\n</think>\n\n${ANSWER}`),
    // The open tag stands in the prompt, so the model never emits it.
    deepseek_r1: inText(`${REASONING}\n</think>\n\n${ANSWER}`),
    qwen3: inText(`<think>\n${REASONING}\n</think>\n\n${ANSWER}`),
    glm45: inText(`\n<think>${REASONING}</think>\n${ANSWER}`),
    kimi_k2: inText(`<think>${REASONING}</think>${ANSWER}`),
    kimi_k3: inText(
      `${REASONING}<|close|>think<|sep|><|open|>response<|sep|>${ANSWER}` +
        '<|close|>response<|sep|><|close|>message<|sep|>',
    ),
    kimi: inText(`◁think▷${REASONING}◁/think▷${ANSWER}`),
    minimax_m2: inText(`${REASONING}\n</think>\n\n${ANSWER}`),
    minimax_m3: inText(`<mm:think>\n${REASONING}\n</mm:think>\n\n${ANSWER}`),
    magistral: inText(`[THINK]${REASONING}[/THINK]${ANSWER}`),
    seed_oss: inText(`<seed:think>${REASONING}</seed:think>${ANSWER}`),
    granite: inText(`Here is my thought process:\n${REASONING}\n\nHere is my response:\n${ANSWER}`),
    granite33: inText(`<think>${REASONING}</think><response>${ANSWER}</response>`),
    hunyuan_a13b: inText(`<think>\n${REASONING}\n</think>\n<answer>\n${ANSWER}\n</answer>`),
    gemini: inText(`<thought>${REASONING}\n</thought>${ANSWER}`),
    gemma4: inText(`<|channel>thought\n${REASONING}<channel|>${ANSWER}`),
    cohere: inText(
      `<|START_THINKING|>${REASONING}<|END_THINKING|><|START_RESPONSE|>${ANSWER}<|END_RESPONSE|>`,
    ),
    openthinker: inText(
      `<|begin_of_thought|>\n\n${REASONING}\n\n<|end_of_thought|>\n\n` +
        `<|begin_of_solution|>\n\n${ANSWER}\n\n<|end_of_solution|>`,
    ),
    apertus: inText(`<|inner_prefix|>${REASONING}<|inner_suffix|>${ANSWER}`),
    longcat: inText(`<longcat_think>\n${REASONING}\n</longcat_think>\n${ANSWER}`),
    inkling: inText(
      `<|content_thinking|>${REASONING}<|end_message|><|message_model|><|content_text|>${ANSWER}` +
        '<|end_message|><|content_model_end_sampling|>',
    ),
    'field-reasoning_content': inField((text) => ({ reasoning_content: text })),
    'field-reasoning': inField((text) => ({ reasoning: text })),
    'field-details': inField((text) => ({
      reasoning: text,
      reasoning_details: [{ type: 'reasoning.text', text, format: 'unknown', index: 0 }],
    })),
    'field-thinking': inField((text) => ({ thinking: text })),
    'mistral-parts': inParts(),
  }),
);

/** @param {string} emitted @returns {ScriptedModel} */
function inText(emitted) {
  return {
    deltas: tokensOf(emitted).map((content) => ({ content })),
    message: { content: emitted },
  };
}

/** @param {(text: string) => object} fieldsOf @returns {ScriptedModel} */
function inField(fieldsOf) {
  return {
    deltas: [
      ...tokensOf(REASONING).map(fieldsOf),
      ...tokensOf(ANSWER).map((content) => ({ content })),
    ],
    message: { ...fieldsOf(REASONING), content: ANSWER },
  };
}

/** Mistral's API: content is a list of typed parts. @returns {ScriptedModel} */
function inParts() {
  const thinking = (text) => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
  const answer = (text) => ({ type: 'text', text });
  return {
    deltas: [
      ...tokensOf(REASONING).map((text) => ({ content: [thinking(text)] })),
      ...tokensOf(ANSWER).map((text) => ({ content: [answer(text)] })),
    ],
    message: { content: [thinking(REASONING), answer(ANSWER)] },
  };
}
