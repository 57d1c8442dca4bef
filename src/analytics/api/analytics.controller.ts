import { All, Controller, Param, Req, StreamableFile, UseGuards } from '@nestjs/common';
import { Readable } from 'node:stream';
import { ExchangeError } from '../../exchange/exchange-error.js';
import { Clock } from '../../exchange/timing/clock.js';
import { type Row } from '../store/exchange-store.js';
import { Answers } from './answers.decorator.js';
import { CSV, type ExportFormat, JSON_LINES } from './export/export-format.js';
import { exportStream } from './export/export-stream.js';
import { Given } from './given.decorator.js';
import { GivenParameters } from './parameters/given-parameters.js';
import { type BreakdownPart } from './queries/breakdown.js';
import { type RecordPage } from './queries/listing.js';
import { type SeriesPoint } from './queries/series.js';
import { type Summary } from './queries/summary.js';
import { type List } from './questions.js';
import { ReadOnlyGuard } from './read-only.guard.js';
import { RecordReader } from './record-reader.js';
import { ROUTES } from './routes.js';

/** The part of a request that decides whether there is a body. */
interface RequestLine {
  readonly method: string;
}

/** With the first question, not the start: Kysely takes a fifth of a second to load. */
const questions = () => import('./questions.js');

/** Answers who used what, from the records that were kept. */
@Controller('analytics')
@UseGuards(ReadOnlyGuard)
export class AnalyticsController {
  constructor(
    private readonly reader: RecordReader,
    private readonly clock: Clock,
  ) {}

  @Answers(ROUTES.summary)
  async summary(@Given() given: GivenParameters): Promise<Summary> {
    return (await questions()).summary(this.reader, given);
  }

  @Answers(ROUTES.series)
  async series(@Given() given: GivenParameters): Promise<List<SeriesPoint>> {
    return (await questions()).series(this.reader, given, this.clock.wallMs());
  }

  @Answers(ROUTES.breakdown)
  async breakdown(@Given() given: GivenParameters): Promise<List<BreakdownPart>> {
    return (await questions()).breakdown(this.reader, given);
  }

  @Answers(ROUTES.exchanges)
  async exchanges(@Given() given: GivenParameters): Promise<RecordPage> {
    return (await questions()).page(this.reader, given);
  }

  @Answers(ROUTES.csv)
  csv(@Given() given: GivenParameters, @Req() request: RequestLine): Promise<StreamableFile> {
    return this.#export(given, request, CSV);
  }

  @Answers(ROUTES.jsonLines)
  jsonLines(@Given() given: GivenParameters, @Req() request: RequestLine): Promise<StreamableFile> {
    return this.#export(given, request, JSON_LINES);
  }

  @Answers(ROUTES.openapi)
  async openapi(): Promise<object> {
    const { openApiDocument } = await import('./openapi/openapi-document.js');
    return openApiDocument();
  }

  @Answers(ROUTES.exchange)
  async exchange(@Param('*') id: string): Promise<Row> {
    return (await questions()).record(this.reader, id);
  }

  /** Behind the guards, so that nobody without a key learns which paths there are. */
  @All(['', '*'])
  nothing(): never {
    const paths = Object.values(ROUTES).map(({ path }) => `/analytics/${path}`);
    throw new ExchangeError('not_found', `nothing is served here, but at ${paths.join(', ')}`);
  }

  async #export(
    given: GivenParameters,
    { method }: RequestLine,
    format: ExportFormat,
  ): Promise<StreamableFile> {
    const pieces = (await questions()).everyRecord(this.reader, given);
    const options = {
      type: format.contentType,
      disposition: `attachment; filename="${format.fileName}"`,
    };
    // Nothing is asked of the store until the first piece is. An empty buffer would tell a length of
    // 0, where GET tells none (RFC 9110 §8.6).
    if (method === 'HEAD') return new StreamableFile(Readable.from([]), options);
    return new StreamableFile(await exportStream(pieces, format), options);
  }
}
