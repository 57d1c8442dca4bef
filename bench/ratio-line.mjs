import { interleavedRounds } from './rounds.mjs';
import { ratesDetail, ratioRow } from './rows.mjs';
import { withSubjects } from './subjects.mjs';

/**
 * Loads several subjects alike and judges one against another.
 * @param {object} plan
 * @param {import('./lines.mjs').Bench} plan.bench
 * @param {string} plan.what the row's title
 * @param {readonly (() => Promise<import('./subjects.mjs').Subject | null>)[]} plan.starters
 * @param {(subject: import('./subjects.mjs').Subject) => Promise<void>} [plan.check] throws when a
 *   subject answers wrongly: a fast error page is no result
 * @param {(load: { name: string, port: number, durationMs: number }) => Promise<number>} plan.load
 *   replies per second
 * @param {string} plan.unit
 * @param {{ judged: string, against: string, atLeast: number, aim: number }} plan.claim
 * @returns {Promise<import('./rows.mjs').Row>}
 */
export async function ratioLine({ bench, what, starters, check, load, unit, claim }) {
  return withSubjects(starters, async (subjects) => {
    for (const subject of subjects) await check?.(subject);
    const rates = await interleavedRounds({
      subjects,
      rounds: bench.rounds,
      roundMs: bench.roundMs,
      warmUpMs: bench.warmUpMs,
      measure: ({ name, port }, durationMs) => load({ name, port, durationMs }),
    });
    return ratioRow({
      what,
      judged: rates.get(claim.judged),
      against: rates.get(claim.against),
      atLeast: claim.atLeast,
      aim: claim.aim,
      detail: ratesDetail(rates, unit),
    });
  });
}
