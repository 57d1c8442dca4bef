import { setImmediate, setTimeout } from 'node:timers/promises';

/** Brings what a sink needs, a library say. */
export type Load<Loaded> = () => Promise<Loaded>;

/** Long enough for what has waited meanwhile, and for some samples of a punctual event loop. */
const REST_MS = 250;

/**
 * Has loads follow each other: each keeps the event loop busy for a good part of a second, and
 * requests are not to wait for all of them at a stretch.
 */
export class LoadsInTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** @param rest - what is waited for after each load; 250 ms. */
  constructor(private readonly rest: () => Promise<unknown> = aRest) {}

  /** @returns the same load, which begins when those asked for before have ended, however they did. */
  inTurn<Loaded>(load: Load<Loaded>): Load<Loaded> {
    return () => {
      const loaded = this.#last.then(() => setImmediate()).then(load);
      this.#last = loaded.then(this.rest, this.rest);
      return loaded;
    };
  }
}

/** Keeps no process alive. */
async function aRest(): Promise<void> {
  await setTimeout(REST_MS, undefined, { ref: false });
}
