import { type IncomingHttpHeaders } from 'node:http';
import { type Socket } from 'node:net';
import { type UpstreamCall, type UpstreamListener } from './upstream.client.js';

/** The part of undici's controller that is used; `upstream.client.ts` alone imports undici. */
interface DispatchController {
  /** Name, value, name, value …; it has other forms for other uses. */
  readonly rawHeaders?: Buffer[] | string[] | IncomingHttpHeaders | null;
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/** A connection, as the call sees it for which it is being made. */
export interface ConnectionPlace {
  /** The call that waits until it stands; null when none does. */
  waiting: DispatchedCall | null;
  /** The request of that call is about to leave. */
  expectReply(): void;
}

/** One request at undici: its `DispatchHandler`, and the valve of its reply. */
export class DispatchedCall implements UpstreamCall {
  #controller: DispatchController | null = null;
  #place: ConnectionPlace | null = null;
  #connecting: Socket | null = null;
  #isCancelled = false;
  isReused = true;

  constructor(private readonly listener: UpstreamListener) {}

  /** Whether it waits for a connection that is made for it. */
  get isConnecting(): boolean {
    return this.#connecting !== null;
  }

  /** The call goes out on this connection, as soon as that stands. */
  waitAt(place: ConnectionPlace): void {
    place.waiting = this;
    this.#place = place;
  }

  /** A connection is being made for it: cancelling it before it has begun destroys that. */
  connectingOn(socket: Socket): void {
    this.isReused = false;
    this.#connecting = socket;
    if (this.#isCancelled) socket.destroy(new Cancelled());
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    if (!this.#isCancelled) this.#controller?.resume();
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    if (this.#controller === null) this.#connecting?.destroy(new Cancelled());
    else this.#controller.abort(new Cancelled());
  }

  onRequestStart(controller: DispatchController): void {
    this.#place?.expectReply();
    this.#leavePlace();
    if (this.#isCancelled) {
      controller.abort(new Cancelled());
      return;
    }
    this.#controller = controller;
    this.listener.onStart();
  }

  onRequestSent(): void {
    if (!this.#isCancelled) this.listener.onSent();
  }

  onResponseStart(controller: DispatchController, status: number): void {
    // Informational replies concern this connection alone, or are hints we do not pass on.
    if (this.#isCancelled || status < 200) return;
    this.listener.onHead(status, decoded(controller.rawHeaders));
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (!this.#isCancelled) this.listener.onChunk(chunk);
  }

  onResponseEnd(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.listener.onEnd();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#leavePlace();
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.listener.onError(error);
  }

  #leavePlace(): void {
    if (this.#place !== null) this.#place.waiting = null;
    this.#place = null;
    this.#connecting = null;
  }
}

class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Field values are bytes of which HTTP knows only the ASCII ones (RFC 9110 §5.5). */
function decoded(rawHeaders: DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(rawHeaders)) return [];
  return rawHeaders.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
