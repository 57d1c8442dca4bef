import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * @typedef {object} Reconciliation
 * @property {number} records in the file, of requests and of what the start asked
 * @property {Record<string, number>} outcomes of all of them
 * @property {string[]} lost ids that a client used and no record has
 * @property {string[]} doubled ids of more than one record
 * @property {string[]} differing what a client saw, and what the record says instead
 */

/**
 * Holds the records of the JSON-lines file and its predecessors to what the clients saw.
 * @param {string} file
 * @param {ReadonlyMap<string, import('./client.mjs').Note>} notes by request id
 * @returns {Promise<Reconciliation>}
 */
export async function reconcile(file, notes) {
  const found = { records: 0, outcomes: {}, lost: [], doubled: [], differing: [] };
  const seen = new Set();
  for await (const { id, outcome, status } of recordsIn(file)) {
    found.records += 1;
    found.outcomes[outcome] = (found.outcomes[outcome] ?? 0) + 1;
    if (seen.has(id)) found.doubled.push(id);
    seen.add(id);
    const note = notes.get(id);
    if (note === undefined || agrees(note, { outcome, status })) continue;
    found.differing.push(`${id}: ${note.ending} ${note.status}, but ${outcome} ${status}`);
  }
  found.lost = [...notes.keys()].filter((id) => !seen.has(id));
  return found;
}

async function* recordsIn(file) {
  const names = (await readdir(dirname(file))).filter((name) => name.startsWith(basename(file)));
  for (const name of names) {
    const lines = createInterface({ input: createReadStream(join(dirname(file), name)) });
    for await (const line of lines) yield JSON.parse(line);
  }
}

function agrees(note, { outcome, status }) {
  const isSameStatus = note.status === null || note.status === status;
  return isSameStatus && outcomesFor(note).includes(outcome);
}

/**
 * What a record may say of an exchange that its client saw end so.
 * @param {import('./client.mjs').Note} note
 * @returns {readonly string[]}
 */
export function outcomesFor({ ending, code }) {
  switch (ending) {
    case 'refused':
      if (code === null) return ['completed'];
      return [code.startsWith('upstream_') ? 'upstream_failed' : 'rejected'];
    case 'cut':
      return ['upstream_failed'];
    // Whatever else could happen to it may have been quicker.
    case 'left':
      return ['client_aborted', 'completed', 'upstream_failed', 'rejected'];
    default:
      return ['completed'];
  }
}
