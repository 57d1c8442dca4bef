import { NAMED_FIELDS, type RecordField, type RecordFieldName } from '../record-fields.js';
import { choiceOf } from './choice.js';
import { type GivenParameters } from './given-parameters.js';
import { integerOf } from './integer.js';
import { type JsonSchema, type Parameter, wrong } from './parameter.js';

/** A value that a field may be compared with; null stands for "unknown". */
export type FilterValue = string | number | boolean | null;

/** A condition: the field has one of the values. */
export interface FieldFilter {
  readonly field: RecordFieldName;
  /** Never empty. */
  readonly values: readonly FilterValue[];
}

/** Integer columns hold more; beyond this a number of JSON is not exact any more. */
const INTEGER_BOUNDS = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;

const SEVERAL = 'Repeat it for several values; an empty one finds records without.';

interface FieldFilterParameter extends Parameter<readonly FilterValue[]> {
  readonly name: RecordFieldName;
}

/** A parameter for each field that can be compared exactly, or that some records do not have. */
export const FIELD_FILTERS: readonly FieldFilterParameter[] = NAMED_FIELDS.flatMap(
  ([name, field]) => filterOf(name, field) ?? [],
);

/** The conditions of a request, all of which must hold. */
export function fieldFilters(given: GivenParameters): readonly FieldFilter[] {
  return FIELD_FILTERS.map((parameter) => ({
    field: parameter.name,
    values: given.value(parameter),
  })).filter(({ values }) => values.length > 0);
}

function filterOf(name: RecordFieldName, field: RecordField): FieldFilterParameter | null {
  const reader = readerOf(name, field);
  if (reader === null) return null;
  return {
    name,
    description: `${field.about} ${reader.about}`,
    schema: { type: 'array', items: reader.schema },
    isRequired: false,
    read: (texts) => texts.map((text) => (text === '' ? null : reader.read(text))),
  };
}

/** Reads what is not empty. */
interface ValueReader {
  readonly about: string;
  readonly schema: JsonSchema;
  readonly read: (text: string) => string | number | boolean;
}

function readerOf(name: RecordFieldName, field: RecordField): ValueReader | null {
  switch (field.kind) {
    case 'text':
      return textReader(name, field.choices ?? null);
    case 'integer':
      return {
        about: SEVERAL,
        schema: { type: 'integer' },
        read: (text) => integerOf(name, text, INTEGER_BOUNDS),
      };
    case 'boolean':
      return {
        about: SEVERAL,
        schema: { type: 'boolean' },
        read: (text) => choiceOf(name, text, ['true', 'false']) === 'true',
      };
    case 'number':
    case 'body':
      return emptyReader(name);
    // Every record has them.
    case 'instant':
    case 'attempts':
      return null;
    default: {
      const exhaustiveCheck: never = field;
      return exhaustiveCheck;
    }
  }
}

/** Of fields that are not compared: a fraction is hardly ever written to its last digit. */
function emptyReader(name: string): ValueReader {
  return {
    about: 'Always empty, which finds records without.',
    schema: { type: 'string', enum: [''] },
    read: () => {
      throw wrong(name, 'must be empty, which finds records without');
    },
  };
}

function textReader(name: string, choices: readonly string[] | null): ValueReader {
  if (choices !== null) {
    return {
      about: SEVERAL,
      schema: { type: 'string', enum: choices },
      read: (text) => choiceOf(name, text, choices),
    };
  }
  return {
    about: SEVERAL,
    schema: { type: 'string' },
    read: (text) => {
      // PostgreSQL refuses it in any text, so no record holds it.
      if (text.includes('\0')) throw wrong(name, 'must not hold a NUL character');
      return text;
    },
  };
}
