import { type Secret } from '../../config/secret.js';
import { type CaptureConfig } from '../../config/typed/analytics-config.js';
import { type Exchange } from '../../exchange/exchange.js';
import { type Reply } from '../../exchange/reply/reply.js';
import { tappedReply } from '../../exchange/reply/transform/tapped-reply.js';
import { keptText, type KeptTextOptions } from './kept-text.js';
import { createKeyMask } from './key-mask.js';
import { createRedaction } from './redaction.js';
import { createReplyCollector, type ReplyCollector } from './reply-collector.js';

/** What is kept of the bodies of an exchange. */
export interface CapturedBodies {
  readonly request: string | null;
  readonly reply: string | null;
}

/** Collects the bodies of one exchange. */
export class BodyCapture {
  #reply: ReplyCollector | null = null;

  constructor(
    private readonly exchange: Exchange,
    private readonly config: Pick<CaptureConfig, 'maxBytes' | 'redact'>,
  ) {}

  /** The reply with a tap on its bytes. */
  tapped(reply: Reply): Reply {
    const collector = createReplyCollector(reply.headers, this.config.maxBytes);
    this.#reply = collector;
    return tappedReply(reply, (bytes) => {
      collector.add(bytes);
    });
  }

  /** What is kept, when the exchange is over. */
  bodies(): CapturedBodies {
    const { maxBytes, redact } = this.config;
    const options = {
      maxBytes,
      redact: redact.length === 0 ? null : createRedaction(redact),
      mask: createKeyMask(this.exchange, secretsOf(this.exchange)),
    };
    return { request: this.#request(options), reply: this.#replyText(options) };
  }

  #replyText(options: KeptTextOptions): string | null {
    const collected = this.#reply?.collected() ?? null;
    if (collected === null) return null;
    return 'note' in collected ? collected.note : keptText(collected, options);
  }

  #request(options: KeptTextOptions): string | null {
    const { buffered } = this.exchange.body;
    if (buffered === null || buffered.byteLength === 0) return null;
    return keptText({ text: buffered.toString(), isCut: false }, options);
  }
}

function secretsOf({ route }: Exchange): Secret[] {
  if (route === null) return [];
  const { apiKey, headers } = route.backend;
  const values = headers.map(([, value]) => value);
  return apiKey === null ? values : [apiKey, ...values];
}
