import { ABORTED } from './cases/aborted.js';
import { ACCOUNTED } from './cases/accounted.js';
import { ANSWERED } from './cases/answered.js';
import { type ExchangeCase } from './cases/exchange-case.js';
import { FAILED } from './cases/failed.js';
import { REJECTED_CASES } from './cases/rejected.js';

export { HOLDER, NO_STREAM_OPTIONS } from './cases/answered.js';

/** Every kind of exchange. */
export const EXCHANGE_CASES: readonly ExchangeCase[] = [
  ...ANSWERED,
  ...ABORTED,
  ...FAILED,
  ...REJECTED_CASES,
  ...ACCOUNTED,
];
