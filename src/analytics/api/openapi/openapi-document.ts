import { type Parameter } from '../parameters/parameter.js';
import { type AnalyticsRoute, type AnswerKind, ROUTES } from '../routes.js';
import { ANSWER_SCHEMAS } from './answer-schemas.js';

/**
 * The API as an OpenAPI 3.1 document, made of the very tables by which parameters are read and
 * records are written.
 */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice analytics',
      version: '1',
      description:
        'Who used what. With `settings.admin_key` set every path takes it as a bearer token; without, clients on the same machine are let in.',
    },
    paths: Object.fromEntries(
      Object.entries(ROUTES).map(([name, route]) => [
        `/analytics/${route.path}`,
        { get: operation(name, route) },
      ]),
    ),
    components: {
      schemas: ANSWER_SCHEMAS,
      responses: { Error: { description: 'An error', content: json('Error') } },
      securitySchemes: { adminKey: { type: 'http', scheme: 'bearer' } },
    },
    security: [{ adminKey: [] }, {}],
  };
}

function operation(
  name: string,
  { path, title, about, parameters, answer }: AnalyticsRoute,
): object {
  // Without a store that can be asked there is nothing but this document.
  const refusals = answer === 'openapi' ? ['400', '401', '503'] : ['400', '401', '404', '503'];
  return {
    operationId: name,
    summary: title,
    description: about,
    parameters: [...pathParameters(path), ...parameters.map(queryParameter)],
    responses: {
      '200': { description: title, content: contentOf(answer) },
      ...Object.fromEntries(
        refusals.map((status) => [status, { $ref: '#/components/responses/Error' }]),
      ),
    },
  };
}

function pathParameters(path: string): readonly object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameter({ name, description, schema, isRequired }: Parameter<unknown>): object {
  return { name, in: 'query', description, required: isRequired, schema };
}

function contentOf(answer: AnswerKind): object {
  switch (answer) {
    case 'csv':
      return { 'text/csv': { schema: { type: 'string' } } };
    case 'jsonl':
      return { 'application/x-ndjson': { schema: { type: 'string' } } };
    case 'openapi':
      return { 'application/json': { schema: { type: 'object' } } };
    case 'Summary':
    case 'Series':
    case 'Breakdown':
    case 'RecordPage':
    case 'Record':
      return json(answer);
    default: {
      const exhaustiveCheck: never = answer;
      return exhaustiveCheck;
    }
  }
}

function json(schema: keyof typeof ANSWER_SCHEMAS): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}
