import { type ConfigFault } from '../config-error.js';
import { nearest } from '../nearest.js';
import { formatPath, type Path } from '../path.js';
import { type ConfigSection } from './config.section.js';
import { keyOf } from './key-of.js';

interface NamedBackend {
  readonly name: string;
  readonly path: Path;
}

/**
 * Names of backends that are given twice, and names in `models` that no backend has. Parts of the
 * section may still be anything: it is looked at before its faults are known.
 */
export function backendNameFaults(section: ConfigSection): ConfigFault[] {
  const named = [
    ...backendsIn(section.primary_backends, 'primary_backends'),
    ...backendsIn(section.fallback_backends, 'fallback_backends'),
  ];
  return [...sameNames(named), ...unknownNames(section.models, named)];
}

function backendsIn(list: unknown, key: string): NamedBackend[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((backend: unknown, index) => {
    const name = keyOf(backend, 'name');
    return typeof name === 'string' && name !== '' ? [{ name, path: [key, index] }] : [];
  });
}

function sameNames(named: readonly NamedBackend[]): ConfigFault[] {
  const firsts = new Map<string, Path>();
  return named.flatMap(({ name, path }) => {
    const first = firsts.get(name);
    if (first === undefined) firsts.set(name, path);
    return first === undefined
      ? []
      : [
          {
            path: formatPath([...path, 'name']),
            message: `must be unique; ${formatPath(first)} has the same`,
          },
        ];
  });
}

function unknownNames(models: unknown, named: readonly NamedBackend[]): ConfigFault[] {
  if (!(models instanceof Map)) return [];
  const known = new Set(named.map(({ name }) => name));
  return [...models].flatMap(([model, entry]: [unknown, unknown]) => {
    const backends = keyOf(entry, 'backends');
    if (!Array.isArray(backends)) return [];
    return backends.flatMap((name: unknown, index) =>
      typeof name !== 'string' || name === '' || known.has(name)
        ? []
        : [
            {
              path: formatPath(['models', String(model), 'backends', index]),
              message: unknownName(name, known),
            },
          ],
    );
  });
}

function unknownName(name: string, known: ReadonlySet<string>): string {
  const suggestion = nearest(name, known);
  return suggestion === null
    ? 'is the name of no backend'
    : `is the name of no backend; the nearest is "${suggestion}"`;
}
