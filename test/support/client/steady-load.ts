import { deferred } from '../time/deferred.js';
import { type Asked, judged, requestFor } from '../upstream/echo-scripts.js';
import { RawClient } from './raw-client.js';

/** Where clients find the gateway: what a load balancer would say. May change at any time. */
export interface Address {
  url: string;
}

/** What became of the requests. */
export interface Tally {
  readonly whole: number;
  /** Streams and bodies that had begun and ended with an error in sight. */
  readonly cut: number;
  /** Refused by a gateway that got no processor time (`overloaded`), and asked once more. */
  readonly refused: number;
  /** Everything that should not have been, in words. */
  readonly faults: readonly string[];
}

/** Clients that each ask for one thing after the other, JSON and streams by turns, until told to stop. */
export class SteadyLoad {
  whole = 0;
  cut = 0;
  refused = 0;
  readonly faults: string[] = [];
  #isOver = false;
  #onAnswer = deferred();
  readonly #clients: Promise<void>[];

  constructor(
    private readonly address: Address,
    clients: number,
  ) {
    this.#clients = Array.from({ length: clients }, (_, name) => this.#askOn(`client-${name}`));
  }

  /** Waits until so many more requests were answered. */
  async answers(count: number): Promise<void> {
    const enough = this.#answered + count;
    while (this.#answered < enough) await this.#onAnswer.promise;
  }

  /** Lets each client have the answer to its last request. */
  async stop(): Promise<Tally> {
    this.#isOver = true;
    await Promise.all(this.#clients);
    return this;
  }

  get #answered(): number {
    return this.whole + this.cut + this.faults.length;
  }

  async #askOn(name: string): Promise<void> {
    let connection: { readonly client: RawClient; readonly url: string } | null = null;
    for (let round = 0; !this.#isOver; round++) {
      // Between two requests, as a client or a load balancer does it: nothing is under way.
      if (connection !== null && connection.url !== this.address.url) {
        connection.client.close();
        connection = null;
      }
      const { url } = this.address;
      const asked = { id: `${name}.${round}`, stream: round % 2 === 0 };
      try {
        connection ??= { client: await RawClient.connect(url), url };
        await this.#ask(connection.client, asked);
      } catch (error) {
        this.faults.push(`${asked.id}: no connection to ${url}: ${String(error)}`);
        connection = null;
      }
      this.#onAnswer.resolve();
      this.#onAnswer = deferred();
    }
    connection?.client.close();
  }

  async #ask(client: RawClient, asked: Asked): Promise<void> {
    client.send(requestFor(asked));
    const { status, body } = await client.reply();
    if (status === 503 && body.includes('"code":"overloaded"')) {
      this.refused++;
      return;
    }
    const verdict = status === 200 ? judged(asked, body) : 'wrong';
    if (verdict === 'wrong') this.faults.push(`${asked.id}: ${status} ${body}`);
    else this[verdict]++;
  }
}
