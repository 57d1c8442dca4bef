import { Injectable, Logger } from '@nestjs/common';
import { ConfigStore } from '../config/config-store.js';
import { type DrainConfig } from '../config/typed/settings-config.js';
import { ExchangeError } from '../exchange/exchange-error.js';
import { DrainState } from '../exchange/gates/drain-state.js';
import { InFlight } from '../exchange/in-flight.js';
import { RunningReplies } from '../exchange/reply/writing/running-replies.js';
import { drainStep, type DrainAction, type DrainEvent, type DrainPhase } from './drain.machine.js';
import { ListeningServer } from './listening-server.js';

/** How the drain ends: main passes the application and the process, tests something gentler. */
export interface DrainEnd {
  /** Closes the application. Called once, when no exchange is left. */
  readonly close: () => Promise<void>;
  readonly exit: (code: 0 | 1) => void;
}

/** How long clients have, after the deadline, to take what they are told. */
const GRACE_MS = 1000;

const SIGNAL_EVENTS = { SIGTERM: 'sigterm', SIGINT: 'sigint' } as const;

/** Takes the process out of service without refusing or cutting anybody, as the machine decides. */
@Injectable()
export class DrainService {
  readonly #logger = new Logger('Drain');
  #phase: DrainPhase = 'serving';
  #end: DrainEnd | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: ConfigStore,
    private readonly state: DrainState,
    private readonly inFlight: InFlight,
    private readonly replies: RunningReplies,
    private readonly server: ListeningServer,
  ) {}

  get #config(): DrainConfig {
    return this.config.current.settings.drain;
  }

  /** From the first signal on. */
  get isDraining(): boolean {
    return this.#phase !== 'serving';
  }

  /** Drains on SIGTERM and SIGINT from now on; a second signal ends the process at once. */
  onSignals(end: DrainEnd): void {
    this.#end = end;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        this.#logger.log({ msg: 'signal received', signal, in_flight: this.inFlight.count });
        this.#on(SIGNAL_EVENTS[signal]);
      });
    }
  }

  #on(event: DrainEvent): void {
    const { phase, actions } = drainStep(this.#phase, event);
    this.#phase = phase;
    for (const action of actions) this.#do(action);
  }

  #do(action: DrainAction): void {
    switch (action) {
      case 'start-delay':
        this.#startTimer(this.#config.delayMs, 'delay-elapsed');
        return;
      case 'refuse':
        this.state.refuse();
        this.server.stopListening();
        return;
      case 'start-deadline':
        this.#startTimer(this.#config.deadlineMs, 'deadline-elapsed');
        void this.inFlight.onIdle().then(() => {
          this.#on('idle');
        });
        return;
      case 'end-exchanges':
        this.#logger.warn({ msg: 'drain deadline passed', cut: this.inFlight.count });
        this.replies.abandonAll(deadlinePassed(this.#config));
        return;
      case 'start-grace':
        this.#startTimer(GRACE_MS, 'grace-elapsed');
        return;
      case 'cut-connections':
        this.server.cutConnections();
        return;
      case 'close':
        void this.#close();
        return;
      case 'exit-cleanly':
        this.#end?.exit(0);
        return;
      case 'exit-at-once':
        this.#end?.exit(1);
        return;
      default: {
        const exhaustiveCheck: never = action;
        return exhaustiveCheck;
      }
    }
  }

  /** One at a time: each is over when the next begins. */
  #startTimer(durationMs: number, event: DrainEvent): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#on(event);
    }, durationMs);
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#logger.log('drained');
    try {
      await this.server.closingSoon(() => this.#end?.close());
    } catch (error) {
      this.#logger.error(error);
    }
    this.#on('closed');
  }
}

function deadlinePassed({ deadlineMs }: DrainConfig): ExchangeError {
  const message = `this server is shutting down, and what runs after ${deadlineMs / 1000} s is ended (drain.deadline)`;
  return new ExchangeError('draining', message, { headers: { 'retry-after': '1' } });
}
