import { Injectable } from '@nestjs/common';
import { type Socket } from 'node:net';
import { noteClosing } from '../../connection/closing-connections.js';
import { type ExchangeError } from '../../exchange-error.js';

/** A reply under way, for those who learn that it cannot go on. */
export interface RunningReply {
  readonly connection: Socket;
  /** Whether the request has come whole. */
  readonly hasRequest: boolean;
  /** Whether a backend is at work on it. */
  readonly isUpstream: boolean;
  /** Ends it with an error, told like any other; what its backend has sent so far leaves first. */
  abandon(error: ExchangeError): void;
  /** Has the connection closed behind it. */
  closeBehind(): void;
  /** Ends it without a word: its connection is gone, and nobody tells the response. */
  lose(): void;
}

/** Replies under way, for what comes to them from outside: bytes that are no HTTP, and the drain. */
@Injectable()
export class RunningReplies {
  readonly #line = new Place(null);

  /** Called once for each; {@link Place.leave} when it is over. */
  begin(reply: RunningReply): Place {
    return new Place(reply, this.#line);
  }

  /**
   * Tells those concerned that what has come on a connection is no request. Where a request's own body
   * is broken, its reply ends with the error. What runs there otherwise goes on, and the connection
   * closes behind it.
   *
   * @returns false when nothing runs there, so that nobody has told the client
   */
  tellBroken(connection: Socket, error: ExchangeError): boolean {
    const there = this.#on(connection);
    const latest = there.at(-1);
    if (latest === undefined) return false;
    noteClosing(connection);
    latest.closeBehind();
    if (!latest.hasRequest) latest.abandon(error);
    return true;
  }

  /**
   * Ends the replies on a connection that the HTTP server has let go of, as it does at a CONNECT: none
   * of them would hear of the connection's end any more.
   *
   * @returns false when nothing runs there
   */
  lose(connection: Socket): boolean {
    const there = this.#on(connection);
    for (const reply of there) reply.lose();
    return there.length > 0;
  }

  /** Whether a reply to a later request on the same connection waits behind this one. */
  isFollowed(place: Place): boolean {
    for (let at = place.after; at !== null && at !== this.#line; at = at.after) {
      if (at.reply?.connection === place.reply?.connection) return true;
    }
    return false;
  }

  abandonAll(error: ExchangeError): void {
    const all = this.#all();
    // Else one that waits for room at a backend would be sent there when another one leaves it.
    for (const reply of all) if (!reply.isUpstream) reply.abandon(error);
    for (const reply of all) if (reply.isUpstream) reply.abandon(error);
  }

  #on(connection: Socket): readonly RunningReply[] {
    return this.#all().filter((reply) => reply.connection === connection);
  }

  /** In the order in which they began. */
  #all(): readonly RunningReply[] {
    const all: RunningReply[] = [];
    for (let at = this.#line.before; at !== this.#line && at?.reply; at = at.before) {
      all.push(at.reply);
    }
    return all.reverse();
  }
}

/**
 * A place in a ring, which is left without a search. Not a Map: its tables are made anew again and
 * again, and those that are old keep alive what they held.
 */
export class Place {
  after: Place | null = this;
  before: Place | null = this;

  /** @param ring - whose last place this becomes; without it, it is a ring of its own */
  constructor(
    readonly reply: RunningReply | null,
    ring?: Place,
  ) {
    if (ring === undefined) return;
    this.before = ring.before;
    this.after = ring;
    if (ring.before !== null) ring.before.after = this;
    ring.before = this;
  }

  leave(): void {
    if (this.before !== null) this.before.after = this.after;
    if (this.after !== null) this.after.before = this.before;
    this.before = null;
    this.after = null;
  }
}
