import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { isJsonObject } from '../../wire/json/json-value.js';
import { type ConfigFault } from '../config-error.js';
import { nearest } from '../nearest.js';
import { formatPath, type Path } from '../path.js';
import { backendNameFaults } from './backend-names.js';
import { ConfigSection } from './config.section.js';
import { keysOf } from './key.js';

/**
 * Makes the classes of the file out of a plain value. The section may be used only when there are
 * no faults: until then its properties need not have their types.
 */
export function toConfigSection(
  plain: unknown,
  file: string,
): { readonly section: ConfigSection; readonly faults: readonly ConfigFault[] } {
  if (!isJsonObject(plain)) {
    return {
      section: new ConfigSection(),
      faults: [{ path: file, message: 'must hold a JSON object' }],
    };
  }
  const section = plainToInstance(ConfigSection, plain);
  const errors = validateSync(section, {
    whitelist: true,
    forbidNonWhitelisted: true,
    validationError: { target: true, value: false },
  });
  const faults = errors.flatMap((error) => faultsOf(error, []));
  return { section, faults: [...faults, ...backendNameFaults(section)] };
}

function faultsOf(error: ValidationError, parent: Path): ConfigFault[] {
  const step = Array.isArray(error.target) ? Number(error.property) : error.property;
  const path = [...parent, step];
  const own = Object.entries(error.constraints ?? {}).flatMap(([constraint, message]) =>
    toFault(constraint, message, error, path),
  );
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, path))];
}

function toFault(
  constraint: string,
  message: string,
  { target = {}, property }: ValidationError,
  path: Path,
): ConfigFault[] {
  // Said better by the check beside it, and wrong where a plain value may stand for a section.
  if (constraint === 'nestedValidation') return [];
  if (constraint !== 'whitelistValidation') return [{ path: formatPath(path), message }];
  const known = nearest(property, keysOf(target).keys()) ?? '';
  return [{ path: formatPath(path), message: `unknown key; the nearest known one is "${known}"` }];
}
