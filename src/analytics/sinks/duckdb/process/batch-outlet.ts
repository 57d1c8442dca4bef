import { Buffer } from 'node:buffer';
import { Socket } from 'node:net';

/** Most batches are smaller; the memory of a larger one is let go. */
const KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Sends the text of batches through a pipe, from memory that is used again and again. As messages
 * they would be a buffer of their own each time, and those have the garbage collector run through
 * all of the gateway's memory every other second, which costs more than all the rest.
 */
export class BatchOutlet {
  #room = Buffer.alloc(0);

  /** @param pipe - of which nothing else is known than that it was asked for. */
  constructor(private readonly pipe: unknown) {
    if (!(pipe instanceof Socket)) return;
    // Whoever cannot be written to has ended, which is told otherwise.
    pipe.on('error', () => undefined);
    pipe.unref();
  }

  /**
   * To be called again when the other side has answered.
   *
   * @returns how many bytes it takes.
   */
  send(text: string): number {
    const bytes = Buffer.byteLength(text);
    if (!(this.pipe instanceof Socket)) return bytes;
    const room = this.#roomFor(bytes, this.pipe);
    room.write(text);
    this.pipe.write(room.subarray(0, bytes));
    return bytes;
  }

  close(): void {
    if (this.pipe instanceof Socket) this.pipe.destroy();
  }

  #roomFor(bytes: number, { writableLength }: Socket): Buffer {
    // Nobody has answered, and what is in there is on its way yet.
    const isTaken = writableLength > 0;
    if (isTaken || bytes > KEPT_BYTES) return Buffer.allocUnsafeSlow(bytes);
    if (this.#room.length < bytes) {
      this.#room = Buffer.allocUnsafeSlow(Math.min(2 * bytes, KEPT_BYTES));
    }
    return this.#room;
  }
}
