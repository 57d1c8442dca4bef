/**
 * What a subject achieved, and which share of one core it used meanwhile.
 * @typedef {{ perSecond: number, busy: number }} Rate
 */

/**
 * One row of the table.
 * @typedef {object} Row
 * @property {string} what
 * @property {string} figure the number that is judged
 * @property {string} budget what it must be
 * @property {string} aim what it shall become
 * @property {'ok' | 'short' | 'unsure'} verdict `unsure`: something else than the
 *   subjects was the limit, so the figure says little
 * @property {string} detail how the figure came about
 */

// A subject that uses less of its core waited for the load, or for others on the machine.
const MIN_BUSY = 0.8;

/**
 * A ratio of two rates that must be large enough.
 * @param {{ what: string, judged: Rate, against: Rate, atLeast: number, aim: number,
 *   detail: string }} claim
 * @returns {Row}
 */
export function ratioRow({ what, judged, against, atLeast, aim, detail }) {
  const ratio = judged.perSecond / against.perSecond;
  // Where there is no /proc the share is NaN, and the ratio is taken as it is.
  const isHeldBack = judged.busy < MIN_BUSY || against.busy < MIN_BUSY;
  return {
    what,
    figure: ratio.toFixed(2),
    budget: `≥ ${atLeast}`,
    aim: String(aim),
    verdict: isHeldBack ? 'unsure' : okIf(ratio >= atLeast),
    detail,
  };
}

/**
 * An amount that must stay below a limit.
 * @param {{ what: string, amount: number, unit: string, below: number, aim?: number,
 *   detail: string }} claim
 * @returns {Row}
 */
export function limitRow({ what, amount, unit, below, aim, detail }) {
  return {
    what,
    figure: `${amount.toFixed(2)} ${unit}`,
    budget: `< ${below} ${unit}`,
    aim: aim === undefined ? '' : `${aim} ${unit}`,
    verdict: okIf(amount < below),
    detail,
  };
}

/**
 * Something that must hold.
 * @param {{ what: string, holds: boolean, detail: string }} claim
 * @returns {Row}
 */
export function claimRow({ what, holds, detail }) {
  return {
    what,
    figure: holds ? 'yes' : 'no',
    budget: 'yes',
    aim: '',
    verdict: okIf(holds),
    detail,
  };
}

function okIf(holds) {
  return holds ? 'ok' : 'short';
}

/**
 * The rates behind a ratio, with how much of its core each subject used: a subject far below
 * 100% was held back by the load, so its rate is a lower bound.
 * @param {Map<string, Rate>} rates
 * @param {string} unit
 */
export function ratesDetail(rates, unit) {
  return Array.from(rates, ([name, { perSecond, busy }]) => {
    const used = Number.isNaN(busy) ? '' : ` (${Math.round(busy * 100)}% of a core)`;
    return `${name} ${Math.round(perSecond).toLocaleString('en')} ${unit}${used}`;
  }).join(', ');
}
