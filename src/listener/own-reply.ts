import { type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { closeBehind } from '../exchange/connection/closing-connections.js';
import { type RunningReply } from '../exchange/reply/writing/running-replies.js';

/** A reply of Sluice itself under way, which Nest's router writes, whatever comes in between. */
export class OwnReply implements RunningReply {
  readonly isUpstream = false;

  constructor(private readonly response: ServerResponse) {}

  get connection(): Socket {
    return this.response.req.socket;
  }

  get hasRequest(): boolean {
    return this.response.req.complete;
  }

  abandon(): void {
    this.closeBehind();
  }

  closeBehind(): void {
    const { response } = this;
    if (response.headersSent) closeBehind(response);
    else response.setHeader('Connection', 'close');
  }

  lose(): void {
    this.response.destroy();
  }
}
