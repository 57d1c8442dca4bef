import { DEFAULT_MODEL } from '../config/offered-model.js';
import { type SluiceConfig } from '../config/sluice-config.js';
import { ExchangeError } from '../exchange/exchange-error.js';

/** Most names that are listed; who has more of them has a list of models to look at. */
const MAX_LISTED = 50;
const MAX_NAME = 128;

/** The error of a model that no backend serves: names what is, offered names first. */
export function modelNotFound(
  model: string,
  { models, backends, fallbackBackends }: SluiceConfig,
): ExchangeError {
  const offered = models.map(({ name }) => name).filter((name) => name !== DEFAULT_MODEL);
  const globs = [...backends, ...fallbackBackends].flatMap((backend) => backend.models);
  const served = [...new Set([...offered, ...globs])];
  const rest = served.length - MAX_LISTED;
  const listed = served.slice(0, MAX_LISTED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const name = model.length > MAX_NAME ? `${model.slice(0, MAX_NAME)}…` : model;
  const message = `no backend serves the model '${name}'; served are: ${listed}`;
  return new ExchangeError('model_not_found', message, { param: 'model' });
}
