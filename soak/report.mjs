import { claimRow, limitRow } from '../bench/rows.mjs';
import { median } from '../bench/statistics.mjs';
import { memoryRows } from './memory-rows.mjs';
import { hasLetGo } from './settled.mjs';

const MB = 1024 * 1024;
const MAX_LOOP_DELAY_MS = 20;
/** Files of the database and of the spool, and the sockets of whoever asks. */
const SPARE_HANDLES = 16;
const TABLE_ROWS = 10;
const SHOWN_IDS = 5;
const OUTCOMES = ['completed', 'client_aborted', 'upstream_failed', 'rejected'];

/**
 * What a whole run found.
 * @typedef {object} Findings
 * @property {ReadonlyMap<string, import('./client.mjs').Note>} notes
 * @property {readonly import('./rests.mjs').Rest[]} rests
 * @property {{ sockets: number, handles: number }} before
 * @property {{ sockets: number, handles: number }} after
 * @property {readonly import('./samples.mjs').Sample[]} samples
 * @property {Record<string, any>} summary what `/analytics/summary` said
 * @property {import('./records.mjs').Reconciliation} records
 * @property {(name: string) => number} metrics
 * @property {{ counts: { right: number, wrong: number } }} reloads
 * @property {import('./backends.mjs').Backends} backends
 */

/** @param {Findings} findings @returns {import('../bench/rows.mjs').Row[]} */
export function rowsOf(findings) {
  return [
    ...memoryRows(findings),
    ...resourceRows(findings),
    ...recordRows(findings),
    ...courseRows(findings),
  ];
}

function resourceRows({ samples, before, after }) {
  return [
    limitRow({
      what: 'file descriptors when the load is over, more than before',
      amount: after.handles - before.handles,
      unit: '',
      below: SPARE_HANDLES,
      detail: `${before.handles} before, ${after.handles} after; under load they follow the requests that run`,
    }),
    claimRow({
      what: 'sockets are closed when the load is over',
      holds: hasLetGo(after, before),
      detail: `${before.sockets} before, ${after.sockets} after`,
    }),
    limitRow({
      what: 'event-loop delay, median',
      amount: medianOf(samples, 'loopDelayMs'),
      unit: 'ms',
      below: MAX_LOOP_DELAY_MS,
      detail: `mean of a second each; highest ${Math.max(...samples.map(({ loopDelayMs }) => loopDelayMs)).toFixed(1)} ms`,
    }),
  ];
}

function recordRows({ notes, summary, records, metrics }) {
  const dropped = metrics('sluice_analytics_dropped_total');
  const isSame = OUTCOMES.every(
    (outcome) => (records.outcomes[outcome] ?? 0) === (summary.outcomes[outcome] ?? 0),
  );
  return [
    claimRow({
      what: 'no record is lost',
      holds: records.lost.length === 0 && dropped === 0,
      detail: `${notes.size} requests, ${records.lost.length} without a record ${shown(records.lost)}, ${dropped} dropped`,
    }),
    claimRow({
      what: 'no record is there twice',
      holds: records.doubled.length === 0,
      detail: `${records.doubled.length} doubled ${shown(records.doubled)}`,
    }),
    claimRow({
      what: 'records say what clients saw',
      holds: records.differing.length === 0,
      detail: `${records.differing.length} differ in status or outcome ${shown(records.differing)}`,
    }),
    claimRow({
      what: 'the summary says what the file says',
      holds: isSame && records.records === summary.requests,
      detail: `${summary.requests} in the summary, ${records.records} in the file`,
    }),
  ];
}

function courseRows({ notes, metrics, reloads, backends }) {
  const isOverload = ({ code }) => code === 'overloaded';
  const overloads = [...notes.values()].filter(isOverload).length;
  const unexpected = [...notes].filter(([, note]) => !note.isExpected && !isOverload(note));
  const done = (result) => metrics(`sluice_config_reloads_total{result="${result}"}`);
  const { right, wrong } = reloads.counts;
  const noticed = done('success') + done('failure');
  const faults = Array.from(backends.faults, ([name, count]) => `${name} ${count}`);
  return [
    claimRow({
      what: 'the gateway kept up',
      holds: overloads === 0,
      detail: `${overloads} refused as overloaded; on a machine this busy a lower --rate may do`,
    }),
    claimRow({
      what: 'no error that should not be',
      holds: unexpected.length === 0,
      detail: `${unexpected.length} ${unexpected
        .slice(0, SHOWN_IDS)
        .map(([id, note]) => `\n  ${id} ${JSON.stringify(note)}`)
        .join('')}`,
    }),
    claimRow({
      what: 'every fault was met',
      holds: [...backends.faults.values()].every((count) => count > 0),
      detail: faults.join(', '),
    }),
    claimRow({
      what: 'every change of the configuration was noticed',
      // The last two may follow each other so closely that they are one.
      holds: noticed >= right + wrong - 1 && metrics('sluice_config_last_reload_ok') === 1,
      detail: `${done('success')} of ${right} right and ${done('failure')} of ${wrong} wrong ones`,
    }),
  ];
}

/** @param {readonly import('./samples.mjs').Sample[]} samples the medians of ten equal parts */
export function samplesTable(samples) {
  const part = Math.max(Math.ceil(samples.length / TABLE_ROWS), 1);
  const rows = Array.from({ length: Math.ceil(samples.length / part) }, (_, index) => {
    const some = samples.slice(index * part, (index + 1) * part);
    return [
      `${Math.round(some.at(-1).atMs / 1000)} s`,
      `${(medianOf(some, 'rssBytes') / MB).toFixed(0)}`,
      `${(medianOf(some, 'childrenBytes') / MB).toFixed(0)}`,
      `${medianOf(some, 'handles')}`,
      `${medianOf(some, 'sockets')}`,
      `${medianOf(some, 'loopDelayMs').toFixed(1)}`,
    ];
  });
  return markdown([
    ['until', 'RSS MB', 'other RSS MB', 'descriptors', 'sockets', 'loop delay ms'],
    ...rows,
  ]);
}

/** @param {readonly import('./rests.mjs').Rest[]} rests */
export function restsTable(rests) {
  return markdown([
    ['requests', 'kept MB', 'RSS MB'],
    ...rests.map(({ requests, keptBytes, rssBytes }) => [
      `${requests}`,
      (keptBytes / MB).toFixed(2),
      (rssBytes / MB).toFixed(0),
    ]),
  ]);
}

/** @param {Findings} findings how requests ended, by kind, and by outcome */
export function outcomeTable({ notes, summary, records }) {
  const endings = ['whole', 'refused', 'cut', 'left', 'broken', 'wrong'];
  const kinds = new Map();
  for (const { kind, ending } of notes.values()) {
    const counts = kinds.get(kind) ?? new Map();
    kinds.set(kind, counts.set(ending, (counts.get(ending) ?? 0) + 1));
  }
  const byKind = Array.from(kinds, ([kind, counts]) => [
    kind,
    ...endings.map((ending) => `${counts.get(ending) ?? 0}`),
  ]);
  const byOutcome = OUTCOMES.map((outcome) => [
    outcome,
    `${summary.outcomes[outcome] ?? 0}`,
    `${records.outcomes[outcome] ?? 0}`,
  ]);
  return [
    markdown([['clients saw', ...endings], ...byKind]),
    markdown([['outcome', 'summary', 'file'], ...byOutcome]),
  ].join('\n\n');
}

function medianOf(samples, name) {
  return median(samples.map((sample) => sample[name]));
}

function shown(ids) {
  return ids.length === 0 ? '' : `(${ids.slice(0, SHOWN_IDS).join(', ')})`;
}

function markdown([head, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
