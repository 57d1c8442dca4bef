/** The beginning of a reply's body, kept by copy so that no larger buffer stays alive with it. */
export interface ReplySample {
  readonly bytes: Uint8Array;
  /** Of the whole body, as far as it came. */
  readonly totalBytes: number;
  /** Whether it is an event stream; else it is JSON. */
  readonly isStream: boolean;
  /** Gives its memory back, once; its bytes are not to be read afterwards. */
  release(): void;
}
