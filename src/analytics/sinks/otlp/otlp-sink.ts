import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type SinkConfig } from '../../../config/typed/analytics-config.js';
import { type RecordBatch, type Sink } from '../sink.js';
import { GenAiMetrics } from './genai-metrics.js';
import { spanOf } from './record-span.js';

type OtlpConfig = Extract<SinkConfig, { readonly kind: 'otlp' }>;

/** How long one export may take, with the exporter's own repetitions. */
const EXPORT_TIMEOUT_MS = 10_000;

/** What both exporters have: a batch in, a verdict out. */
interface Exporter<Batch> {
  export(
    batch: Batch,
    done: (result: { readonly code: number; readonly error?: Error }) => void,
  ): void;
}

/** `ExportResultCode.SUCCESS` of the SDK's core package, which is no dependency of ours. */
const SUCCESS = 0;

/**
 * Sends exchanges to a collector by OTLP/HTTP (JSON): a span each, and the metrics of the
 * OpenTelemetry GenAI conventions. A batch that is sent again holds the same spans; it is counted
 * in the metrics once, when its spans were accepted.
 */
export function createOtlpSink({ url, headers }: OtlpConfig, name: string): Sink {
  const resource = resourceFromAttributes({ 'service.name': 'sluice' });
  const options = {
    headers: Object.fromEntries(headers.map(([field, value]) => [field, value.reveal()])),
    timeoutMillis: EXPORT_TIMEOUT_MS,
  };
  const traces = new OTLPTraceExporter({ ...options, url: `${url}/v1/traces` });
  const metricSender = new OTLPMetricExporter({ ...options, url: `${url}/v1/metrics` });
  const metrics = new GenAiMetrics(resource);

  async function sendMetrics(): Promise<void> {
    // They are cumulative: what does not arrive now is in the next.
    await exported(metricSender, await metrics.collected()).catch(() => null);
  }

  return {
    name,
    open: () => Promise.resolve(),
    async write(batch: RecordBatch) {
      const records = batch.records();
      const spans = records
        .map((record) => spanOf(record, resource))
        .filter((span) => span !== null);
      if (spans.length > 0) await exported(traces, spans);
      for (const record of records) metrics.count(record);
      await sendMetrics();
    },
    async close() {
      await Promise.allSettled([traces.shutdown(), metricSender.shutdown()]);
    },
  };
}

function exported<Batch>(exporter: Exporter<Batch>, batch: Batch): Promise<void> {
  return new Promise((resolve, reject) => {
    exporter.export(batch, ({ code, error }) => {
      if (code === SUCCESS) resolve();
      else reject(error ?? new Error('the collector did not take the batch'));
    });
  });
}
