import { setTimeout as wait } from 'node:timers/promises';

/** Of the chat requests: waiting for Sluice to be up has asked it for its models as well. */
export const SUMMARY = '/analytics/summary?endpoint=chat';
const BY_MODEL = '/analytics/breakdown?by=model&endpoint=chat';

const PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 100;

/**
 * What Sluice says of the chat requests so far, once it has kept that much of it.
 * @typedef {object} Summary
 * @property {Record<string, unknown>} total the answer of {@link SUMMARY}
 * @property {Record<string, unknown>[]} models the rows of {@link BY_MODEL}
 */

/**
 * Asks the read API, which a moment after an exchange knows of it.
 * @param {string} url origin of Sluice
 * @param {number} requests how many it must know of
 * @returns {Promise<Summary>} as far as it is, after five seconds
 */
export async function summaryOf(url, requests) {
  const giveUpAt = performance.now() + PATIENCE_MS;
  let total = await get(url + SUMMARY);
  while (total.requests < requests && performance.now() < giveUpAt) {
    await wait(LOOK_EVERY_MS);
    total = await get(url + SUMMARY);
  }
  const { data: models } = await get(url + BY_MODEL);
  return { total, models };
}

/**
 * The summary as lines of a table.
 * @param {Summary} summary
 * @returns {string[]}
 */
export function summaryLines({ total, models }) {
  const rows = [
    ['model', 'requests', 'prompt tokens', 'completion tokens', 'p50 ms'],
    ...models.map((row) => rowOf(row.model ?? '(none)', row)),
    rowOf('all', total),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  '),
  );
}

async function get(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.json();
}

function rowOf(title, { requests, prompt_tokens, completion_tokens, total_ms }) {
  const p50 = total_ms?.p50 ?? null;
  return [
    title,
    `${requests}`,
    `${prompt_tokens}`,
    `${completion_tokens}`,
    p50 === null ? '-' : `${Math.round(p50)}`,
  ];
}
