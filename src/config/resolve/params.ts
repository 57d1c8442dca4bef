import { type ParamsSection } from '../sections/params.section.js';
import { type ParameterConfig, type ParamsConfig } from '../typed/params-config.js';

/** Reads a `params` object of the file. */
export function toParams(section: ParamsSection): ParamsConfig {
  return mergeParams({
    set: parametersOf(section.set),
    default: parametersOf(section.default),
    drop: section.drop,
  });
}

/** Parameters with these values. */
export function parametersOf(values: Readonly<Record<string, unknown>>): ParameterConfig[] {
  return Object.entries(values).map(([name, value]) => ({ name, json: JSON.stringify(value) }));
}

/**
 * Merges layers, weakest first, name by name. What any layer drops is gone, and what is set needs
 * no default, so that each name is left in one list alone; merging in steps gives the same.
 */
export function mergeParams(...layers: readonly ParamsConfig[]): ParamsConfig {
  const drop = new Set(layers.flatMap((layer) => layer.drop));
  const set = strongest(layers.map((layer) => layer.set));
  const fill = strongest(layers.map((layer) => layer.default));
  return {
    set: [...set.values()].filter(({ name }) => !drop.has(name)),
    default: [...fill.values()].filter(({ name }) => !drop.has(name) && !set.has(name)),
    drop: [...drop],
  };
}

/** Whether nothing is to be done. */
export function isNoParams(params: ParamsConfig): boolean {
  return params.set.length + params.default.length + params.drop.length === 0;
}

function strongest(
  layers: readonly (readonly ParameterConfig[])[],
): ReadonlyMap<string, ParameterConfig> {
  return new Map(layers.flat().map((parameter) => [parameter.name, parameter]));
}
