/** Milliseconds; 0 means no limit. */
export interface TimeoutsConfig {
  /** Until the connection (and TLS) stands. */
  readonly connectMs: number;
  /** From the request's last byte to the reply's head. */
  readonly headersMs: number;
  /** From the request to the first data event of a stream; comments do not count. */
  readonly firstTokenMs: number;
  /** Between two chunks of the reply. */
  readonly idleMs: number;
  /** The whole exchange with the backend. */
  readonly totalMs: number;
}
