import { type ParameterConfig, type ParamsConfig } from '../typed/params-config.js';
import { type Facts, printable } from './fact.js';

/** Parameters in words; none where nothing is to be done. Texts are masked: they may be secrets. */
export function paramsFacts(params: ParamsConfig): Facts {
  const said = [
    ...listed('set', params.set.map(describeParameter)),
    ...listed('default', params.default.map(describeParameter)),
    ...listed('drop', params.drop.map(printable)),
  ];
  return said.length === 0 ? {} : { params: { shown: said.join('; '), value: params } };
}

function listed(what: string, parameters: readonly string[]): string[] {
  return parameters.length === 0 ? [] : [`${what} ${parameters.join(', ')}`];
}

function describeParameter({ name, json }: ParameterConfig): string {
  return `${printable(name)} = ${describeValue(json)}`;
}

function describeValue(json: string): string {
  switch (json.charAt(0)) {
    case '"':
      return '[text]';
    case '[':
      return '[list]';
    case '{':
      return '[object]';
    default:
      return json;
  }
}
