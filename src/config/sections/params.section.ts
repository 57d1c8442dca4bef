import { isJsonObject } from '../../wire/json/json-value.js';
import {
  droppedNameProblem,
  parameterNameProblem,
  parameterValueProblem,
} from '../rules/parameter-rules.js';
import { TextsThat } from './checks.js';
import { check, Key, type Rule } from './key.js';

/** Most parameters of one object. */
const MAX_PARAMETERS = 256;

const parametersRule: Rule = (value) => {
  if (!isJsonObject(value)) return 'must be an object';
  const entries = Object.entries(value);
  if (entries.length > MAX_PARAMETERS) return `must have at most ${MAX_PARAMETERS} entries`;
  for (const [name, parameter] of entries) {
    const problem = parameterNameProblem(name) ?? parameterValueProblem(parameter);
    if (problem !== null) return `${JSON.stringify(name.slice(0, 64))} ${problem}`;
  }
  return null;
};

/** `params`: what becomes of the parameters of a request, top-level members of its JSON. */
export class ParamsSection {
  @Key('Parameters and their values, over what the request says.', Parameters())
  set: Record<string, unknown> = {};

  @Key('Parameters and their values where the request says nothing.', Parameters())
  default: Record<string, unknown> = {};

  @Key(
    'Names of parameters that are removed, after set and default.',
    TextsThat(droppedNameProblem),
  )
  drop: string[] = [];
}

function Parameters(): PropertyDecorator {
  return check('parameters', parametersRule, { type: 'object' });
}
