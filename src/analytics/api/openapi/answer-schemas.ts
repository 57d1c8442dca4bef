import { BREAKDOWN_FIELDS } from '../parameters/breakdown-field.js';
import { type JsonSchema } from '../parameters/parameter.js';
import { SERIES_POINT_SCHEMA } from '../queries/series.js';
import { SUMMARY_SCHEMA } from '../queries/summary.js';
import { TOTALS_SCHEMA } from '../queries/totals.js';
import { LISTED_FIELDS, NAMED_FIELDS, RECORD_FIELDS } from '../record-fields.js';
import { type AnswerKind } from '../routes.js';
import { recordSchema } from './record-schema.js';

/** The kinds of answers that are JSON of our own. */
export type NamedAnswer = Exclude<AnswerKind, 'csv' | 'jsonl' | 'openapi'>;

/** Each kind of answer as JSON Schema. */
export const ANSWER_SCHEMAS: Readonly<Record<NamedAnswer | 'Error', JsonSchema>> = {
  Summary: objectOf(SUMMARY_SCHEMA),
  Series: listOf(objectOf(SERIES_POINT_SCHEMA), { type: 'null' }),
  Breakdown: listOf(
    { type: 'object', required: Object.keys(TOTALS_SCHEMA), properties: breakdownProperties() },
    { type: 'null' },
  ),
  RecordPage: listOf(recordSchema(LISTED_FIELDS), {
    type: ['string', 'null'],
    description: 'The `cursor` of the next page; null on the last.',
  }),
  Record: recordSchema(NAMED_FIELDS),
  Error: objectOf({
    error: objectOf({
      message: { type: 'string' },
      type: { type: 'string' },
      code: { type: 'string' },
      param: { type: ['string', 'null'], description: 'The parameter at fault.' },
    }),
  }),
};

function objectOf(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', required: Object.keys(properties), properties };
}

function listOf(items: JsonSchema, cursor: JsonSchema): JsonSchema {
  return objectOf({ data: { type: 'array', items }, next_cursor: cursor });
}

function breakdownProperties(): Readonly<Record<string, JsonSchema>> {
  const properties: Record<string, JsonSchema> = {};
  for (const name of BREAKDOWN_FIELDS) {
    const type = RECORD_FIELDS[name].kind === 'integer' ? 'integer' : 'string';
    const description = `The value, where \`by\` is \`${name}\`.`;
    properties[name] = { type: [type, 'null'], description };
  }
  return { ...properties, ...TOTALS_SCHEMA };
}
