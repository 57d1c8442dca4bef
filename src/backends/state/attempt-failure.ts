/** The phases of an attempt that have a limit of their own. */
export type TimedPhase = 'connect' | 'headers' | 'first_token' | 'idle' | 'total';

/** Why an attempt at a backend came to no good end. */
export type AttemptFailureKind =
  | 'refused' // nobody listens there
  | 'unreachable' // no way to the host
  | 'unknown-host'
  | 'untrusted' // TLS could not be agreed on, or the certificate is not trusted
  | 'closed' // the connection ended before the reply did
  | 'malformed' // the answer is no HTTP/1.1
  | 'unsendable' // the request cannot be written as HTTP/1.1
  | 'exhausted' // this process, or its machine, has no means to open one more connection
  | 'timeout'
  | 'client'; // the request's body failed on the client's side

/** An attempt that came to no good end, as far as it matters to what follows from it. */
export interface AttemptFailure {
  readonly kind: AttemptFailureKind;
  /** Which limit ran out; null for all but `timeout`. */
  readonly phase: TimedPhase | null;
  /** Whether bytes of the request went out. */
  readonly wasSent: boolean;
  /** Whether its connection had served before, and broke so soon that it was being closed already. */
  readonly wasStale: boolean;
  /** Whether the head of a reply had come. */
  readonly hasHead: boolean;
}
