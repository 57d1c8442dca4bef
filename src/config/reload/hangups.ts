/** SIGHUPs sent to the process. One that nobody hears ends it, so they are heard from its start. */
export class Hangups {
  #wasSent = false;
  #onHangup = (): void => {
    this.#wasSent = true;
  };

  constructor() {
    process.on('SIGHUP', () => {
      this.#onHangup();
    });
  }

  /** Calls back for each that is sent from now on, and once at once if any was sent before. */
  follow(onHangup: () => void): void {
    this.#onHangup = onHangup;
    if (this.#wasSent) onHangup();
  }
}
