import { paramsFor } from '../../config/typed/offered-model.js';
import { type ParameterConfig, type ParamsConfig } from '../../config/typed/params-config.js';
import { type SluiceConfig } from '../../config/typed/sluice-config.js';

/** One entry for each configuration that still serves a request. */
const known = new WeakMap<SluiceConfig, boolean>();

/** Whether any parameter of a configuration can turn a request into one for a stream, or for none. */
export function mayDecideStream(config: SluiceConfig): boolean {
  let decides = known.get(config);
  if (decides === undefined) {
    decides = allParams(config).some(decidesStream);
    known.set(config, decides);
  }
  return decides;
}

/** Whether these parameters can. */
export function decidesStream({ set, default: defaults, drop }: ParamsConfig): boolean {
  const isStream = ({ name }: ParameterConfig): boolean => name === 'stream';
  return set.some(isStream) || defaults.some(isStream) || drop.includes('stream');
}

function allParams({ backends, fallbackBackends, models }: SluiceConfig): ParamsConfig[] {
  const offers = [null, ...models];
  return [...backends, ...fallbackBackends].flatMap((backend) =>
    offers.map((offered) => paramsFor(backend, offered)),
  );
}
