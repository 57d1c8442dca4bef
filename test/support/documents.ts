import { parse, type ParseError } from 'jsonc-parser';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../src/config/load-config.js';
import { type SluiceConfig } from '../../src/config/typed/sluice-config.js';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** What others wrote, or a program did. */
const FOREIGN = ['node_modules', '.cache', 'dist', 'coverage', 'data', 'logs', 'corpus'];

const CODE_BLOCK = /^( *)```(\w*)\n([^]*?)^\1```$/gm;

/** A page in Markdown of the project. */
export interface Page {
  /** From the folder of the project: `docs/faq.md`. */
  readonly path: string;
  readonly text: string;
  /** Its text without blocks of code and comments. */
  readonly prose: string;
}

/** Every page of the project. */
export function pages(): Page[] {
  const paths = globSync('**/*.md', {
    cwd: PROJECT,
    exclude: (path) => path.split('/').some((step) => FOREIGN.includes(step)),
  });
  return paths.sort().map(page);
}

/** One page, by its path from the folder of the project. */
export function page(path: string): Page {
  const text = readFileSync(join(PROJECT, path), 'utf8');
  return { path, text, prose: text.replace(CODE_BLOCK, '').replace(/<!--[^]*?-->/g, '') };
}

/** The blocks of code on a page that are marked with one of the languages. */
export function codeBlocks({ text }: Page, ...languages: readonly string[]): string[] {
  const blocks = [...text.matchAll(CODE_BLOCK)];
  return blocks.flatMap(([, , language = '', code = '']) =>
    languages.includes(language) ? [code] : [],
  );
}

/** A file that a page links to, by the path from the folder of the project. */
export function linkedPath({ path }: Page, link: string): string {
  return join(dirname(path), link);
}

/** Where a path of the project is on this machine. */
export function inProject(path: string): string {
  return join(PROJECT, path);
}

/** The value of a block of JSON with comments; null where it is none. */
export function jsonIn(block: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(block, errors, { allowTrailingComma: true });
  return errors.length === 0 ? value : null;
}

/** What a `config.json` of this text amounts to with these variables; without text there is no file. */
export function loadedText(
  text: string | null,
  env: Readonly<Record<string, string>> = {},
): SluiceConfig {
  return loadConfig({
    env,
    cwd: '/',
    readFile: (path) => {
      if (path.endsWith('config.json') && text !== null) return text;
      throw Object.assign(new Error('no other file'), { code: 'ENOENT' });
    },
  });
}
