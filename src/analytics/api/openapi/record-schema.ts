import { type ExchangeRecord } from '../../record/exchange-record.js';
import { type JsonSchema } from '../parameters/parameter.js';
import { type RecordField, type RecordFieldName } from '../record-fields.js';

type NeverNull = {
  [Name in RecordFieldName]: null extends ExchangeRecord[Name] ? never : Name;
}[RecordFieldName];

const NEVER_NULL: Readonly<Record<NeverNull, true>> = {
  record_id: true,
  id: true,
  started_at: true,
  method: true,
  path: true,
  endpoint: true,
  attempts: true,
  attempt_log: true,
  stream: true,
  usage_source: true,
  bytes_in: true,
  bytes_out: true,
};

const ATTEMPT: JsonSchema = {
  type: 'object',
  properties: {
    backend: { type: 'string' },
    status: { type: ['integer', 'null'] },
    error_code: { type: ['string', 'null'] },
    duration_ms: { type: ['number', 'null'] },
  },
};

/** A record with these fields, all of them there, as the OpenAPI document shows it. */
export function recordSchema(
  fields: readonly (readonly [RecordFieldName, RecordField])[],
): JsonSchema {
  return {
    type: 'object',
    required: fields.map(([name]) => name),
    properties: Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(name, field)])),
  };
}

function fieldSchema(name: RecordFieldName, field: RecordField): JsonSchema {
  const { type, ...rest } = typeSchema(field);
  return {
    type: name in NEVER_NULL ? type : [type, 'null'].flat(),
    ...rest,
    description: field.about,
  };
}

function typeSchema(field: RecordField): { readonly type: string | string[] } & JsonSchema {
  switch (field.kind) {
    case 'text':
      return { type: 'string' };
    case 'body':
      return { type: ['object', 'array', 'string'] };
    case 'instant':
      return { type: 'string', format: 'date-time' };
    case 'integer':
      return { type: 'integer' };
    case 'number':
      return { type: 'number' };
    case 'boolean':
      return { type: 'boolean' };
    case 'attempts':
      return { type: 'array', items: ATTEMPT };
    default: {
      const exhaustiveCheck: never = field;
      return exhaustiveCheck;
    }
  }
}
