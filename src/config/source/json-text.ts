import {
  createScanner,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { type ConfigFault } from '../config-error.js';
import { formatPath, type Path } from '../path.js';

/** Deeper than any configuration; the parser recurses, so that the bound guards its stack. */
const MAX_DEPTH = 64;
/** A slip early in a file makes the parser complain about everything after it. */
const MAX_SYNTAX_FAULTS = 5;

/** The value of a text, as far as it could be read, and what is wrong with the text. */
export interface ParsedText {
  readonly value: unknown;
  readonly syntaxFaults: readonly ConfigFault[];
  readonly keyFaults: readonly ConfigFault[];
}

/**
 * Parses JSON with comments and trailing commas. Syntax faults name `file`, line and column. A key
 * that is given twice, or that names a part of every object's prototype, is a fault and is left out.
 */
export function parseJsonText(text: string, file: string): ParsedText {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const tooDeep = firstTooDeep(source);
  if (tooDeep !== null) return failed([syntaxFault(file, source, tooDeep, 'nested too deeply')]);

  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true });
  if (errors.length > 0 || root === undefined) {
    const shown = errors.slice(0, MAX_SYNTAX_FAULTS);
    return failed(
      shown.map((e) =>
        syntaxFault(file, source, e.offset, PARSE_FAULTS[printParseErrorCode(e.error)]),
      ),
    );
  }
  const keyFaults: ConfigFault[] = [];
  return { value: toValue(root, [], keyFaults), syntaxFaults: [], keyFaults };
}

function failed(syntaxFaults: readonly ConfigFault[]): ParsedText {
  return { value: undefined, syntaxFaults, keyFaults: [] };
}

function firstTooDeep(source: string): number | null {
  const scanner = createScanner(source, true);
  let depth = 0;
  scanner.scan();
  // Only the token at the end of the text is empty.
  while (scanner.getTokenLength() > 0) {
    const first = source.charAt(scanner.getTokenOffset());
    if (first === '{' || first === '[') depth += 1;
    if (first === '}' || first === ']') depth -= 1;
    if (depth > MAX_DEPTH) return scanner.getTokenOffset();
    scanner.scan();
  }
  return null;
}

function syntaxFault(file: string, source: string, offset: number, message: string): ConfigFault {
  const before = source.slice(0, offset).split(/\r\n|\r|\n/);
  const column = (before.at(-1) ?? '').length + 1;
  return { path: file, message: `line ${before.length}, column ${column}: ${message}` };
}

// Built by hand, not by the parser: assigning a key `__proto__` would change the prototype.
function toValue(node: Node, path: Path, faults: ConfigFault[]): unknown {
  if (node.type === 'array') {
    return (node.children ?? []).map((child, index) => toValue(child, [...path, index], faults));
  }
  return node.type === 'object' ? toObject(node, path, faults) : node.value;
}

function toObject(node: Node, path: Path, faults: ConfigFault[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    if (keyNode === undefined || valueNode === undefined) continue;
    const key = String(keyNode.value);
    const here = [...path, key];
    const problem = keyProblem(key, object);
    if (problem === null) object[key] = toValue(valueNode, here, faults);
    else faults.push({ path: formatPath(here), message: problem });
  }
  return object;
}

function keyProblem(key: string, object: object): string | null {
  if (key === 'prototype' || key in Object.prototype) return 'this name is not allowed as a key';
  return Object.hasOwn(object, key) ? 'is given twice' : null;
}

type ParseErrorName = ReturnType<typeof printParseErrorCode>;

const PARSE_FAULTS: Readonly<Record<ParseErrorName, string>> = {
  InvalidSymbol: 'this is no JSON value',
  InvalidNumberFormat: 'this is no JSON number',
  PropertyNameExpected: 'a key in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected',
  CloseBraceExpected: 'a closing brace is expected',
  CloseBracketExpected: 'a closing bracket is expected',
  EndOfFileExpected: 'nothing may follow the first value',
  InvalidCommentToken: 'this is no comment',
  UnexpectedEndOfComment: 'the comment does not end',
  UnexpectedEndOfString: 'the string does not end on its line',
  UnexpectedEndOfNumber: 'the number does not end',
  InvalidUnicode: 'this is no \\uXXXX escape',
  InvalidEscapeCharacter: 'there is no such escape',
  InvalidCharacter: 'this character must be escaped',
  '<unknown ParseErrorCode>': 'this is no JSON',
};
