import { type AffinityConfig } from '../typed/affinity.js';
import { type OfferedModel } from '../typed/offered-model.js';
import { type Facts, printable, quoted, told } from './fact.js';
import { paramsFacts } from './params-facts.js';
import { describeLayer } from './reasoning-facts.js';

/** What an offered model itself says, in words, without its name. */
export function modelFacts(offered: OfferedModel): Facts {
  const { model, backends, params, reasoning, appendToLastUserMessage, affinity } = offered;
  const layer = describeLayer(reasoning);
  return {
    'sent as': told(model === null ? 'the requested name' : printable(model)),
    backends: told(backends === null ? 'every one' : backends.join(', ')),
    ...paramsFacts(params),
    ...(layer !== '' && { reasoning: { shown: layer, value: reasoning } }),
    ...(appendToLastUserMessage !== null && { appended: told(quoted(appendToLastUserMessage)) }),
    ...affinityFacts(affinity),
  };
}

/** Affinity in words; none where requests stick to no backend. */
export function affinityFacts(affinity: AffinityConfig | null): Facts {
  if (affinity === null) return {};
  switch (affinity.kind) {
    case 'header':
      return { affinity: told(`by the header ${affinity.name}`) };
    case 'prefix':
      return { affinity: told('by the first messages') };
    default: {
      const exhaustiveCheck: never = affinity;
      return exhaustiveCheck;
    }
  }
}
