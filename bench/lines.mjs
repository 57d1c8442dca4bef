import * as analytics from './lines/analytics.mjs';
import * as events from './lines/events.mjs';
import * as firstByte from './lines/first-byte.mjs';
import * as json from './lines/json.mjs';
import * as harmony from './lines/harmony.mjs';
import * as latency from './lines/latency.mjs';
import * as long from './lines/long.mjs';
import * as overload from './lines/overload.mjs';
import * as rewrite from './lines/rewrite.mjs';
import * as routing from './lines/routing.mjs';
import * as slowStreams from './lines/slow-streams.mjs';
import * as stalledReader from './lines/stalled-reader.mjs';
import * as start from './lines/start.mjs';
import * as stream from './lines/stream.mjs';
import * as summary from './lines/summary.mjs';

/**
 * What every line gets to work with.
 * @typedef {object} Bench
 * @property {ReturnType<typeof import('./subjects.mjs').subjectsBefore>} subjects how to start each
 * @property {import('./upstream-process.mjs').Upstream} upstream
 * @property {number} rounds
 * @property {number} roundMs
 * @property {number} warmUpMs how long a subject is loaded before anything counts
 * @property {'quick' | 'full'} scale
 */

/**
 * A line of the bench: a file in `lines/` that exports this.
 * @typedef {object} Line
 * @property {string} name what `--only` selects it by
 * @property {'always' | 'long'} when `long` lines run with `--long`, or when they are named
 * @property {(bench: Bench) => Promise<import('./rows.mjs').Row[]>} run throws when something
 *   answers wrongly, so that no figure comes of it
 */

/**
 * In the order they are printed. A new line is a new file and an entry here.
 * @type {readonly Line[]}
 */
export const LINES = [
  json,
  routing,
  stream,
  rewrite,
  harmony,
  events,
  latency,
  firstByte,
  slowStreams,
  stalledReader,
  overload,
  start,
  summary,
  analytics,
  long,
];
