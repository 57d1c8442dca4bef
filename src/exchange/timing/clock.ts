import { Injectable } from '@nestjs/common';

/** Where decisions that depend on time read it. */
@Injectable()
export class Clock {
  /** Never goes back; for durations. */
  monotonicMs(): number {
    return performance.now();
  }

  /** Milliseconds since 1970; for people and records. */
  wallMs(): number {
    return Date.now();
  }
}
