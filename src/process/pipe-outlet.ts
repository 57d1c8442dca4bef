import { Buffer } from 'node:buffer';
import { type Socket } from 'node:net';

/**
 * Sends bytes through a pipe, from memory that is used again and again. As messages of a channel
 * they would be a buffer of their own each time, and those have the garbage collector run through
 * all of the gateway's memory every other second, which costs more than all the rest.
 */
export class PipeOutlet {
  #room = Buffer.alloc(0);

  /**
   * @param pipe - null takes nothing.
   * @param keptBytes - most memory that is kept; that of larger portions is let go.
   */
  constructor(
    private readonly pipe: Socket | null,
    private readonly keptBytes: number,
  ) {}

  /** @param write - puts all of the bytes into memory that holds that many at least. */
  send(bytes: number, write: (room: Buffer) => void): void {
    if (this.pipe === null) return;
    const room = this.#roomFor(bytes, this.pipe);
    write(room);
    this.pipe.write(room.subarray(0, bytes));
  }

  close(): void {
    this.pipe?.destroy();
  }

  #roomFor(bytes: number, { writableLength }: Socket): Buffer {
    // The other side has not taken all yet, and what is on its way may be in there.
    const isTaken = writableLength > 0;
    if (isTaken || bytes > this.keptBytes) return Buffer.allocUnsafeSlow(bytes);
    if (this.#room.length < bytes) {
      this.#room = Buffer.allocUnsafeSlow(Math.min(2 * bytes, this.keptBytes));
    }
    return this.#room;
  }
}
