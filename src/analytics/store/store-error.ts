/**
 * - `closed`: the store has not been opened, or was closed meanwhile.
 * - `unreachable`: its file cannot be opened, or its server does not answer.
 * - `busy`: too many queries wait already.
 * - `timed-out`: the query took longer than its bound.
 * - `refused`: the database did not accept the statement.
 */
export type StoreErrorKind = 'closed' | 'unreachable' | 'busy' | 'timed-out' | 'refused';

/** Why a store could not do what it was asked. Holds no address, for that may hold a password. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly kind: StoreErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
