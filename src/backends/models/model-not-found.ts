import { DEFAULT_MODEL } from '../../config/typed/offered-model.js';
import { type SluiceConfig } from '../../config/typed/sluice-config.js';
import { ExchangeError } from '../../exchange/exchange-error.js';

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
  const served = listText([...new Set([...offered, ...globs])]);
  return notFound(`no backend serves the model '${shortened(model)}'; served are: ${served}`);
}

/**
 * The error of a model that is asked about and not listed, which a glob might serve all the same.
 *
 * @param ids - of those that are listed.
 */
export function modelNotListed(model: string, ids: readonly string[]): ExchangeError {
  const listed = ids.length === 0 ? ', nor any other' : `; listed are: ${listText(ids)}`;
  return notFound(`no backend lists the model '${shortened(model)}'${listed}`);
}

function notFound(message: string): ExchangeError {
  return new ExchangeError('model_not_found', message, { param: 'model' });
}

function listText(names: readonly string[]): string {
  const rest = names.length - MAX_LISTED;
  const listed = names.slice(0, MAX_LISTED).map(shortened).join(', ');
  return rest > 0 ? `${listed} and ${rest} more` : listed;
}

function shortened(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
}
