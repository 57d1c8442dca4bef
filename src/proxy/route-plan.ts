import { type BackendRegistry } from '../backends/backend-registry.js';
import { type Preference } from '../backends/choosing/choice.js';
import { affinityKey } from '../backends/choosing/conversation-key.js';
import { type Serving } from '../backends/serving.js';
import { type Exchange } from '../exchange/exchange.js';
import { modelNamedIn } from '../exchange/request/requested-model.js';
import { modelCallAt } from '../exchange/target/model-call.js';

/**
 * Who may answer an exchange, and by what one of them is chosen for each attempt; as the backends were
 * configured when it came.
 */
export interface RoutePlan {
  /** Those who may, and the route to each. */
  readonly serving: Serving;
  readonly preference: Preference;
  /** The model the request names; null when it names none. */
  readonly model: string | null;
}

const BY_LOAD: Preference = { by: 'load' };
const BY_ORDER: Preference = { by: 'order' };

/**
 * Reads off a request who serves it, and by what one of them is chosen.
 *
 * @param body - the request's JSON; undefined when it was not read.
 * @throws ExchangeError `model_not_found`, `missing_field`
 */
export function routePlanOf(
  exchange: Exchange,
  body: unknown,
  registry: BackendRegistry,
): RoutePlan {
  const model = modelNamedIn(body);
  exchange.facts.requestedModel ??= model;
  const isChat = exchange.method === 'POST' && modelCallAt(exchange.path)?.completion === 'chat';
  const modelIs = isChat ? 'required' : 'optional';
  const serving = registry.serving({ model, modelIs });
  // What is stored at one place must be found again.
  const isPlaced = model === null && modelIs === 'optional';
  const preference = isPlaced ? BY_ORDER : preferenceOf(serving, exchange, body);
  return { serving, preference, model };
}

function preferenceOf(
  { affinity, hasChoice }: Serving,
  exchange: Exchange,
  body: unknown,
): Preference {
  if (affinity === null || !hasChoice) return BY_LOAD;
  const key = affinityKey(affinity, (name) => exchange.header(name), body);
  return key === null ? BY_LOAD : { by: 'key', key };
}
