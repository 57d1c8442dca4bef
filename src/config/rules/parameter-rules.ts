/** Longest name of a parameter, in characters. */
const MAX_NAME_CHARS = 256;
/** Deepest nesting of a value: what is read of a file is not nested deeper. */
const MAX_DEPTH = 64;

/** What is wrong with a name that is set or filled in; null when nothing is. */
export function parameterNameProblem(name: string): string | null {
  if (name === 'model') {
    return 'is no parameter here: the key "model" of a backend or of an entry of models says it';
  }
  return droppedNameProblem(name);
}

/** What is wrong with a name that is removed; null when nothing is. */
export function droppedNameProblem(name: string): string | null {
  if (name === '') return 'must not be empty';
  if (name.length > MAX_NAME_CHARS) return `must have at most ${MAX_NAME_CHARS} characters`;
  // Objects made of parameters must not change what every object inherits.
  return name === 'prototype' || name in Object.prototype
    ? 'is not allowed as the name of a parameter'
    : null;
}

/** What is wrong with a value; null when it is JSON that reaches the backend as it was written. */
export function parameterValueProblem(value: unknown, depth = 0): string | null {
  if (depth > MAX_DEPTH) return 'is nested too deeply';
  if (typeof value === 'number') return numberProblem(value);
  if (typeof value !== 'object' || value === null) return null;
  for (const part of Object.values(value)) {
    const problem = parameterValueProblem(part, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

// RFC 8259 §6: beyond 2^53 numbers are no longer exact in most software, this one included.
function numberProblem(value: number): string | null {
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))
    ? 'is a number that cannot be held exactly'
    : null;
}
