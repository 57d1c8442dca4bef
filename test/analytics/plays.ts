import { ABORTED } from './plays/aborted.js';
import { ACCOUNTED } from './plays/accounted.js';
import { ANSWERED } from './plays/answered.js';
import { FAILED } from './plays/failed.js';
import { type Play } from './plays/play.js';
import { REJECTED_PLAYS } from './plays/rejected.js';

export { HOLDER, STERN } from './plays/answered.js';

/** Every kind of exchange. */
export const PLAYS: readonly Play[] = [
  ...ANSWERED,
  ...ABORTED,
  ...FAILED,
  ...REJECTED_PLAYS,
  ...ACCOUNTED,
];
