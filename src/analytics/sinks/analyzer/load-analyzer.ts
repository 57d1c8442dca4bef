import { pathToFileURL } from 'node:url';
import { ConfigError } from '../../../config/config-error.js';
import { type Analyzer } from '../../analyzer.js';
import { errorText } from '../../occasional-log.js';

const METHODS = ['onStarted', 'onChunk', 'onFinished', 'write', 'close'] as const;

/** Where an analyzer comes from, and what it is made with. */
export interface AnalyzerSource {
  /** Absolute path of a JavaScript file. */
  readonly path: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Makes the analyzer of a file.
 *
 * @throws ConfigError that names the file and what is wrong with it
 */
export async function loadAnalyzer({ path, options }: AnalyzerSource): Promise<Analyzer> {
  const made = await explained(path, 'cannot be loaded', () => defaultExport(path));
  if (typeof made !== 'function') {
    throw broken(path, 'its default export must be a function or a class that makes an analyzer');
  }
  const analyzer = await explained(path, 'its default export failed', () =>
    isClass(made) ? Reflect.construct(made, [options]) : Reflect.apply(made, undefined, [options]),
  );
  if (!isAnalyzer(analyzer)) {
    throw broken(path, `must give an object with one of the methods ${METHODS.join(', ')}`);
  }
  return analyzer;
}

async function defaultExport(path: string): Promise<unknown> {
  const module: unknown = await import(pathToFileURL(path).href);
  return typeof module === 'object' && module !== null && 'default' in module
    ? module.default
    : undefined;
}

function isClass(made: CallableFunction): boolean {
  return Function.prototype.toString.call(made).startsWith('class');
}

function isAnalyzer(value: unknown): value is Analyzer {
  if (typeof value !== 'object' || value === null) return false;
  const methods = METHODS.map((name): unknown => Reflect.get(value, name));
  return (
    methods.some((method) => typeof method === 'function') &&
    methods.every((method) => method === undefined || typeof method === 'function')
  );
}

async function explained(path: string, problem: string, step: () => unknown): Promise<unknown> {
  try {
    return await step();
  } catch (error) {
    throw broken(path, `${problem}: ${errorText(error)}`);
  }
}

function broken(path: string, message: string): ConfigError {
  return new ConfigError('invalid', [{ path, message }]);
}
