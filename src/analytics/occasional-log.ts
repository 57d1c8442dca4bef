import { Logger } from '@nestjs/common';

const QUIET_MS = 60_000;

/** Logs what may happen a thousand times a second at most once a minute, and how often it did. */
export class OccasionalLog {
  readonly #logger = new Logger('Analytics');
  #quietUntilMs = -Infinity;
  #times = 0;

  constructor(
    private readonly nowMs: () => number,
    /** What happened, and to which sink. */
    private readonly fields: Readonly<Record<string, unknown>>,
  ) {}

  warn(error: unknown): void {
    this.#times++;
    if (this.nowMs() < this.#quietUntilMs) return;
    this.#quietUntilMs = this.nowMs() + QUIET_MS;
    this.#logger.warn({ ...this.fields, error: errorText(error), times: this.#times });
    this.#times = 0;
  }
}

const MAX_TEXT_CHARS = 300;

/** What an error says, in one line of bounded length. */
export function errorText(error: unknown): string {
  return messageOf(error).replaceAll(/\s+/g, ' ').slice(0, MAX_TEXT_CHARS);
}

function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    return String(error.message);
  }
  return typeof error === 'string' ? error : `a thrown ${typeof error}`;
}
