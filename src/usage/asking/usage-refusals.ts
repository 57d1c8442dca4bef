import { Injectable } from '@nestjs/common';
import { ConfigStore } from '../../config/config-store.js';
import { Clock } from '../../exchange/timing/clock.js';
import { Remembered } from './remembered.js';

/** A server may have been updated since: an hour later it is asked again. */
const REMEMBERED_MS = 3_600_000;

/** Long enough to make repeats rare, and short enough to learn soon that it was a client's mistake. */
const PAUSE_MS = 10_000;

/** A longer name of a model is told from others by its beginning. */
const MAX_MODEL_LENGTH = 256;

/** Whom a stream is asked of: behind one backend may be many servers, one for each model. */
export interface Asked {
  readonly backend: string;
  /** Null where the request names none. */
  readonly model: string | null;
}

/**
 * Remembers, until the configuration changes, how backends take it to be asked for usage.
 *
 * An error that does not say what it is about may be a refusal of the question or a mistake of the
 * client's. Only a repeat without the question tells them apart, and one for each mistake would
 * double what a mistaken client costs. So none is made where the question was answered before; and
 * where neither is known yet, a repeat in vain is followed by a pause in which nothing is asked,
 * for whoever asks for that model then must not fail by it.
 *
 * An error that names the question may do so only because it repeats the whole request. So where
 * it was answered before, a repeat in vain is followed by a pause in which none is made.
 *
 * All of it is known of one model: one error by chance must not stop the question for others.
 */
@Injectable()
export class UsageRefusals {
  readonly #refused: Remembered;
  readonly #answered: Remembered;
  readonly #inVain: Remembered;
  /** Where it was refused although it had been answered: some of a backend's servers may be older. */
  readonly #doubted: Remembered;

  constructor(config: ConfigStore, clock: Clock) {
    this.#refused = new Remembered(clock, REMEMBERED_MS);
    this.#answered = new Remembered(clock, REMEMBERED_MS);
    this.#inVain = new Remembered(clock, PAUSE_MS);
    this.#doubted = new Remembered(clock, PAUSE_MS);
    config.onSwap(() => {
      for (const known of [this.#refused, this.#answered, this.#inVain, this.#doubted]) {
        known.clear();
      }
    });
  }

  /** Whether the question is not to be asked: it is refused, or may be. */
  has(asked: Asked): boolean {
    const isNothingKnown = this.#refused.isEmpty && this.#inVain.isEmpty && this.#doubted.isEmpty;
    if (isNothingKnown) return false;
    const place = placeOf(asked);
    if (this.#answered.has(place)) return this.#doubted.has(place);
    return this.#refused.has(place) || this.#inVain.has(place);
  }

  /** Whether the question was answered within the hour. */
  hasAnswer(asked: Asked): boolean {
    return this.#answered.has(placeOf(asked));
  }

  /** A request with the question was refused that is accepted without it. */
  note(asked: Asked): void {
    const place = placeOf(asked);
    if (this.#answered.has(place)) this.#doubted.note(place);
    else this.#refused.note(place);
  }

  /** A request with the question succeeded. */
  noteAnswer(asked: Asked): void {
    this.#answered.note(placeOf(asked));
  }

  /** Whether a further repeat is too many: where the question is answered it most likely is in vain. */
  isInVain(asked: Asked): boolean {
    const place = placeOf(asked);
    return this.#inVain.has(place) && this.#answered.has(place);
  }

  /** A request was refused with the question and without it. */
  noteInVain(asked: Asked): void {
    this.#inVain.note(placeOf(asked));
  }
}

function placeOf({ backend, model }: Asked): string {
  return `${backend}\n${model?.slice(0, MAX_MODEL_LENGTH) ?? ''}`;
}
