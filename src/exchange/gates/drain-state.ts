import { Injectable } from '@nestjs/common';

/** `refusing` answers new exchanges with 503 `draining` and closes connections after their reply. */
export type Drain = 'serving' | 'refusing';

/** Whether this process is on its way out. Set by `health`, heeded by the exchange. */
@Injectable()
export class DrainState {
  #drain: Drain = 'serving';

  get isRefusing(): boolean {
    return this.#drain === 'refusing';
  }

  refuse(): void {
    this.#drain = 'refusing';
  }
}
