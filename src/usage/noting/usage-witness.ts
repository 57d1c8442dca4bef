import { type Exchange } from '../../exchange/exchange.js';
import { codingIn, isEventStream, isJson } from '../../exchange/reply/reply-head.js';
import { type BodyWitness, type ReplyWitness } from '../../exchange/reply/reply-witness.js';
import { type Reply } from '../../exchange/reply/reply.js';
import { isSuccess } from '../../exchange/reply/status.js';
import { type Endpoint } from '../../exchange/target/endpoint.js';
import { CodedWitness } from './coded/coded-witness.js';
import { type ConcludingWitness } from './concluding-witness.js';
import { type StreamForm } from './edges/reply-edges.js';
import { JsonWitness } from './json-witness.js';
import { GrowingSample } from './sample/growing-sample.js';
import { type ReplySamples } from './sample/reply-samples.js';
import { StreamWitness } from './stream/stream-witness.js';

/**
 * Endpoints at which the tokens of a JSON reply are counted where it tells no usage: at others it need
 * not be a model's words.
 */
const JSON_COUNTED: ReadonlySet<Endpoint> = new Set<Endpoint>(['chat', 'completions']);
/** The same for streams. */
const STREAMS_COUNTED: ReadonlySet<Endpoint> = new Set<Endpoint>([
  ...JSON_COUNTED,
  'messages',
  'responses',
]);

/** The exchange that is noted on, and what decides how its reply is read. */
export interface UsageWitnessParts {
  readonly exchange: Exchange;
  readonly endpoint: Endpoint;
  readonly samples: ReplySamples;
}

/** Notes on one exchange what its reply used, said, and when. */
export class UsageWitness implements ReplyWitness {
  #body: ConcludingWitness | null = null;

  constructor(private readonly parts: UsageWitnessParts) {}

  begin(reply: Reply): BodyWitness | null {
    this.#body = this.#witnessOf(reply);
    return this.#body;
  }

  conclude(): void {
    this.#body?.conclude();
    this.#body = null;
  }

  #witnessOf({ status, headers }: Reply): ConcludingWitness | null {
    if (!isSuccess(status)) return null;
    const isStream = isEventStream(headers);
    if (!isStream && !isJson(headers)) return null;
    const { exchange, endpoint } = this.parts;
    // A request that nobody read may have asked for one, and a parameter may have.
    if (isStream) exchange.facts.stream = true;
    const coding = codingIn(headers);
    if (coding !== null) {
      const form = isStream ? streamFormOf(endpoint) : 'json';
      return new CodedWitness(exchange, { coding, form });
    }
    return isStream ? this.#stream() : this.#json();
  }

  #json(): ConcludingWitness {
    const { exchange, endpoint, samples } = this.parts;
    const sample = JSON_COUNTED.has(endpoint) ? new GrowingSample(false, samples) : null;
    return new JsonWitness(exchange, sample);
  }

  #stream(): ConcludingWitness {
    const { exchange, endpoint, samples } = this.parts;
    const sample = STREAMS_COUNTED.has(endpoint) ? new GrowingSample(true, samples) : null;
    return new StreamWitness({ exchange, sample, form: streamFormOf(endpoint) });
  }
}

function streamFormOf(endpoint: Endpoint): StreamForm {
  return endpoint === 'messages' ? 'messages' : 'stream';
}
