/** Keys and indexes from the root of the configuration. */
export type Path = readonly (string | number)[];

const PLAIN_KEY = /^[$\w]{1,64}$/;
const MAX_SHOWN = 64;

/** `primary_backends[0].timeout.idle`; keys that are no plain words are quoted and cut short. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => text + formatStep(step, text), '');
}

function formatStep(step: string | number, before: string): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!PLAIN_KEY.test(step)) return `[${JSON.stringify(step.slice(0, MAX_SHOWN))}]`;
  return before === '' ? step : `.${step}`;
}
