/** The valve of an upstream reply. Every call is harmless after the reply's end. */
export interface UpstreamFlow {
  /** No bytes are read from the upstream until {@link resume}. */
  pause(): void;
  resume(): void;
  /** Closes the upstream connection at once; nothing of the reply follows. */
  cancel(): void;
  /** Does so, and ends the reply with this error. */
  fail(error: Error): void;
}
