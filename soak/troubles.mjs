const RELOAD_EVERY_MS = 7000;
const DOWN_EVERY_MS = 15_000;
const DOWN_FOR_MS = 4000;

/**
 * From now on changes the configuration every seven seconds, and every fifteen takes a backend
 * down for four.
 * @param {object} what
 * @param {import('./backends.mjs').Backends} what.backends
 * @param {ReturnType<typeof import('./configuration.mjs').createReloads>} what.reloads
 * @returns {{ stop: () => Promise<void> }} ends it, and leaves backends and configuration whole
 */
export function startTroubles({ backends, reloads }) {
  // One after the other, and the first that fails is told at the end.
  let done = Promise.resolve();
  const then = (act) => {
    done = done.then(act);
    done.catch(() => undefined);
  };
  const reloading = setInterval(() => then(reloads.next), RELOAD_EVERY_MS);
  let upAgain;
  const failing = setInterval(() => {
    then(backends.takeDown);
    upAgain = setTimeout(() => then(backends.bringBack), DOWN_FOR_MS);
  }, DOWN_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(reloading);
      clearInterval(failing);
      clearTimeout(upAgain);
      then(backends.bringBack);
      then(reloads.restore);
      await done;
    },
  };
}
