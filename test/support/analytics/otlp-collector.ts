import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A span as OTLP/JSON writes it, as far as tests look at it. */
export interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
  readonly events?: readonly { readonly name: string; readonly timeUnixNano: string }[];
}

export interface OtlpHistogram {
  readonly name: string;
  readonly histogram: { readonly dataPoints: readonly { count: number; sum: number }[] };
}

interface Export {
  readonly resourceSpans?: readonly { scopeSpans: readonly { spans: readonly OtlpSpan[] }[] }[];
  readonly resourceMetrics?: readonly {
    scopeMetrics: readonly { metrics: readonly OtlpHistogram[] }[];
  }[];
}

interface Received {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Export;
}

/** Takes what is exported by OTLP/HTTP in JSON, or refuses it. */
export class OtlpCollector {
  readonly received: Received[] = [];
  /** Of its answers. */
  status = 200;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<OtlpCollector> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const collector = new OtlpCollector(server, `http://127.0.0.1:${address.port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { url: path = '', headers } = request;
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Export;
        collector.received.push({ path, authorization: headers.authorization, body });
        response.writeHead(collector.status, { 'content-type': 'application/json' }).end('{}');
      });
    });
    return collector;
  }

  spans(): readonly OtlpSpan[] {
    return this.received
      .flatMap(({ body }) => body.resourceSpans ?? [])
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans }) => spans);
  }

  /** Those of the latest export. */
  metrics(): readonly OtlpHistogram[] {
    const latest = this.received.findLast(({ body }) => body.resourceMetrics !== undefined);
    return (latest?.body.resourceMetrics ?? [])
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** The attributes of a span by name. */
export function attributesOf(span: OtlpSpan | undefined): Record<string, unknown> {
  const attributes = span?.attributes ?? [];
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
