import { isJsonObject } from '../../wire/json/json-value.js';
import { headersProblem } from '../rules/header-fields.js';
import { check, type Rule } from './key.js';

const rule: Rule = (value) =>
  isJsonObject(value) ? headersProblem(value) : 'must be an object of strings';

/** An object of header fields: names and their values. */
export function FieldValues(): PropertyDecorator {
  return check('headers', rule, {
    type: 'object',
    additionalProperties: { type: 'string' },
  });
}
