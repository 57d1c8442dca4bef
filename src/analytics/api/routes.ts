import { BY_PARAMETER } from './parameters/breakdown-field.js';
import { CURSOR_PARAMETER } from './parameters/cursor.js';
import { FIELD_FILTERS } from './parameters/field-filters.js';
import { BREAKDOWN_LIMIT, LIST_LIMIT } from './parameters/limits.js';
import { type Parameter } from './parameters/parameter.js';
import { PERIOD_PARAMETERS } from './parameters/period.js';
import { STEP_PARAMETER } from './parameters/step.js';

/** What a route answers with, by the name of its schema, or as a file. */
export type AnswerKind =
  'Summary' | 'Series' | 'Breakdown' | 'RecordPage' | 'Record' | 'csv' | 'jsonl' | 'openapi';

/** A path of the API: what it takes decides what is refused, and what the document says. */
export interface AnalyticsRoute {
  /** Below `/analytics/`. */
  readonly path: string;
  readonly title: string;
  /** In Markdown. */
  readonly about: string;
  readonly parameters: readonly Parameter<unknown>[];
  readonly answer: AnswerKind;
}

const SELECTION: readonly Parameter<unknown>[] = [...PERIOD_PARAMETERS, ...FIELD_FILTERS];

/** Every path of the API, by the name of the method that answers it. */
export const ROUTES = {
  summary: {
    path: 'summary',
    title: 'Everything added up',
    about: 'Of all records that are kept, where neither `from` nor `to` is given.',
    parameters: SELECTION,
    answer: 'Summary',
  },
  series: {
    path: 'series',
    title: 'The same, step by step',
    about:
      'A point for each step, also where nothing happened. Steps begin at multiples of their length since 1970. Without `to` up to now, without `from` the 24 hours before.',
    parameters: [STEP_PARAMETER, ...SELECTION],
    answer: 'Series',
  },
  breakdown: {
    path: 'breakdown',
    title: 'The same, value by value',
    about: 'The values of one field, the one with the most requests first.',
    parameters: [BY_PARAMETER, BREAKDOWN_LIMIT, ...SELECTION],
    answer: 'Breakdown',
  },
  exchanges: {
    path: 'exchanges',
    title: 'Records, newest first',
    about: 'A page of records, without bodies.',
    parameters: [LIST_LIMIT, CURSOR_PARAMETER, ...SELECTION],
    answer: 'RecordPage',
  },
  exchange: {
    path: 'exchanges/{id}',
    title: 'One record, with its bodies where they were captured',
    about: 'The newest with this `x-request-id`, or the one with this `record_id`.',
    parameters: [],
    answer: 'Record',
  },
  csv: {
    path: 'exchanges.csv',
    title: 'Records as CSV',
    about:
      'RFC 4180, newest first. A text that begins like a formula gets an apostrophe before it.',
    parameters: SELECTION,
    answer: 'csv',
  },
  jsonLines: {
    path: 'exchanges.jsonl',
    title: 'Records as JSON lines',
    about: 'An object a line, newest first.',
    parameters: SELECTION,
    answer: 'jsonl',
  },
  openapi: {
    path: 'openapi.json',
    title: 'This document',
    about: 'OpenAPI 3.1.',
    parameters: [],
    answer: 'openapi',
  },
} as const satisfies Readonly<Record<string, AnalyticsRoute>>;
