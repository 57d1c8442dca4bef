import { type ReasoningOutput, type ReasoningPolicy } from '../../config/typed/reasoning-policy.js';
import { fieldOutput } from './field-output.js';
import { type Output } from './output.js';
import { stripOutput } from './strip-output.js';
import { tagOutput } from './tag-output.js';

/** The output a policy asks for; null for `keep`, where nothing is touched. */
export function outputFor(policy: ReasoningPolicy): Output | null {
  const kind: ReasoningOutput = policy.output;
  switch (kind) {
    case 'keep':
      return null;
    case 'strip':
      return stripOutput();
    case 'tags':
      return tagOutput(policy.openTag, policy.closeTag);
    case 'reasoning_content':
    case 'reasoning':
      return fieldOutput([kind]);
    case 'both':
      return fieldOutput(['reasoning_content', 'reasoning']);
    default: {
      const exhaustiveCheck: never = kind;
      return exhaustiveCheck;
    }
  }
}
