/** How late a coarse timeout may fire, in ms. */
export const TICK_MS = 20;

/** A place in a ring; alone in one of its own to begin with. */
class Link {
  next: Link = this;
  previous: Link = this;

  insertBefore(other: Link): void {
    this.previous = other.previous;
    this.next = other;
    other.previous.next = this;
    other.previous = this;
  }

  remove(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.next = this;
    this.previous = this;
  }
}

/**
 * The timeouts that run: as many as there are bodies, attempts and streams under way. A ring and no Set:
 * the tables that a Set leaves behind when it grows and shrinks keep finished exchanges alive.
 */
const running = new Link();
let ticker: NodeJS.Timeout | null = null;

/**
 * Calls back after a delay, up to {@link TICK_MS} late. All of them share one interval: a timer of
 * Node's own for each phase of each request was measured at a tenth of what a small reply costs,
 * although nearly every one is stopped before it fires.
 */
export class CoarseTimeout extends Link {
  #dueMs: number;

  /** @param delayMs - until the callback, which is called once */
  constructor(
    private readonly delayMs: number,
    private readonly callback: () => void,
  ) {
    super();
    this.#dueMs = performance.now() + delayMs;
    this.insertBefore(running);
    // It must not keep a process alive: the sockets it watches do.
    ticker ??= setInterval(tickSoon, TICK_MS).unref();
  }

  /** Begins the delay anew, as long as it has not fired. */
  refresh(): void {
    this.#dueMs = performance.now() + this.delayMs;
  }

  stop(): void {
    this.remove();
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.#dueMs;
  }

  /** Calls back, unless it was stopped meanwhile. */
  fire(): void {
    if (this.next === this) return;
    this.stop();
    this.callback();
  }
}

/**
 * After what the sockets have: where this process stood still for a while, its timers are due before it
 * has read a byte of what came meanwhile, and would take its own silence for that of others.
 */
function tickSoon(): void {
  const nowMs = performance.now();
  setImmediate(() => {
    tick(nowMs);
  });
}

function tick(nowMs: number): void {
  if (running.next === running) {
    if (ticker !== null) clearInterval(ticker);
    ticker = null;
    return;
  }
  // Callbacks may stop others and start new ones, so the ring is left before any is called.
  const due: CoarseTimeout[] = [];
  for (let at = running.next; at !== running; at = at.next) {
    if (at instanceof CoarseTimeout && at.isDue(nowMs)) due.push(at);
  }
  for (const timeout of due) timeout.fire();
}
