/** A sum that forgets: what was added counts half after each half-life. Time must not go back. */
export class DecayingSum {
  #sum = 0;
  #asOfMs = 0;

  constructor(private readonly halfLifeMs: number) {}

  add(amount: number, nowMs: number): void {
    this.#sum = this.at(nowMs) + amount;
    this.#asOfMs = nowMs;
  }

  at(nowMs: number): number {
    if (this.#sum === 0) return 0;
    return this.#sum * 2 ** ((this.#asOfMs - nowMs) / this.halfLifeMs);
  }

  clear(): void {
    this.#sum = 0;
  }
}
