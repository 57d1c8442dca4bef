import { type Attributes } from '@opentelemetry/api';
import { type ExchangeRecord } from '../../record/exchange-record.js';
import { operationOf, providerOf } from './operation.js';

/**
 * What both a span and the metrics of an exchange say of it. Names by the OpenTelemetry semantic
 * conventions for generative AI; there is no `gen_ai.response.model`, as no record has the name that
 * the reply gave.
 */
export function commonAttributes(record: ExchangeRecord): Attributes {
  const { endpoint } = record;
  const operation = operationOf(endpoint);
  return given({
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': operation === null ? null : providerOf(endpoint),
    'gen_ai.request.model': record.requested_model ?? record.model,
    'sluice.model': record.model,
    'sluice.backend': record.backend,
    'error.type': errorTypeOf(record),
  });
}

/** What only the span of an exchange says: of any number of values. */
export function spanAttributes(record: ExchangeRecord): Attributes {
  return {
    ...commonAttributes(record),
    ...given({
      'http.request.method': record.method,
      'url.path': record.path,
      'http.response.status_code': record.status,
      'http.request.body.size': record.bytes_in,
      'http.response.body.size': record.bytes_out,
      'gen_ai.request.stream': record.stream,
      'gen_ai.response.finish_reasons':
        record.finish_reason === null ? null : [record.finish_reason],
      'gen_ai.usage.input_tokens': record.prompt_tokens,
      'gen_ai.usage.output_tokens': record.completion_tokens,
      'gen_ai.usage.cache_read.input_tokens': record.cached_tokens,
      'gen_ai.usage.reasoning.output_tokens': record.reasoning_tokens,
      'sluice.request_id': record.id,
      'sluice.tenant': record.tenant,
      'sluice.outcome': record.outcome,
      'sluice.attempts': record.attempts,
      'sluice.usage_source': record.usage_source,
      'sluice.cost_usd': record.cost_usd,
    }),
  };
}

/** What went wrong, as a word of which there are few; null when all went well. */
export function errorTypeOf({ outcome, error_code, status }: ExchangeRecord): string | null {
  if (error_code !== null) return error_code;
  if (status !== null && status >= 400) return String(status);
  return outcome === 'completed' ? null : outcome;
}

type Value = string | number | boolean | string[];

function given(attributes: Readonly<Record<string, Value | null>>): Attributes {
  const known: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== null) known[name] = value;
  return known;
}
