import { Logger } from '@nestjs/common';
import { type IncomingMessage } from 'node:http';
import { type Socket } from 'node:net';
import { type LimitsConfig } from '../config/typed/settings-config.js';
import { isClosing } from '../exchange/connection/closing-connections.js';
import { type ExchangeError } from '../exchange/exchange-error.js';
import { methodNotAllowed } from '../exchange/gates/request-rules.js';
import { RequestHead } from '../exchange/request/request-head.js';
import { newRequestId, requestIdOf } from '../exchange/request/request-id.js';
import { answerEarly, type ClientError, earlyErrorOf, hasLeft } from './client-error.js';
import { type Entrance } from './entrance.js';

/** Refuses on the bare connection what never becomes an exchange, and logs it. */
export class EarlyRefusals {
  readonly #logger = new Logger('Http');

  constructor(
    private readonly entrance: Entrance,
    private readonly limits: LimitsConfig,
  ) {}

  /** The HTTP server can make no request of what has come. */
  refuseBytes(error: ClientError, socket: Socket): void {
    // Its last reply is on the way.
    if (isClosing(socket)) return;
    const refusal = earlyErrorOf(error, this.limits);
    if (refusal === null) {
      socket.destroy();
      return;
    }
    if (!hasLeft(error) && this.entrance.tellRunning(socket, refusal)) return;
    this.#refuse(socket, refusal, newRequestId(), error.code);
  }

  /** A CONNECT has come, which the HTTP server lets go of with its connection. */
  refuseConnect(request: IncomingMessage, socket: Socket): void {
    // An answer would be taken for that of a request before it.
    if (this.entrance.loseRunning(socket)) {
      socket.destroy();
      return;
    }
    const id = requestIdOf(new RequestHead(request, request.url ?? '').header('x-request-id'));
    this.#refuse(socket, methodNotAllowed('CONNECT'), id);
  }

  /** @param cause - what the HTTP parser calls it */
  #refuse(socket: Socket, refusal: ExchangeError, id: string, cause?: string): void {
    const { code, status } = refusal;
    this.#logger.warn({ msg: 'request refused', id, status, error_code: code, cause });
    answerEarly(socket, refusal, id);
  }
}
