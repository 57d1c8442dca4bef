import { ServerResponse, STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { type LimitsConfig } from '../config/typed/settings-config.js';
import { noteClosing } from '../exchange/connection/closing-connections.js';
import { lingerThenClose } from '../exchange/connection/lingering-close.js';
import { ExchangeError } from '../exchange/exchange-error.js';

/** What Node's HTTP server reports of a connection whose bytes are no request. */
export interface ClientError extends Error {
  readonly code?: string | undefined;
  /** The packet in which the error was found; it need not begin with the request. */
  readonly rawPacket?: unknown;
}

const METHOD_AND_TARGET = /^[A-Z]+ [^ \n]*$/;
const MAX_START_BYTES = 65_536;

/**
 * The error for a client whose bytes never became a request.
 *
 * @returns null when it is not there to be told.
 */
export function earlyErrorOf(error: ClientError, limits: LimitsConfig): ExchangeError | null {
  switch (error.code) {
    case 'ECONNRESET':
    case 'EPIPE':
      return null;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ExchangeError(
        'request_timeout',
        `the request head did not arrive within ${limits.requestMs / 1000} s (limits.request_seconds)`,
      );
    case 'HPE_HEADER_OVERFLOW':
      return overflowOf(error, limits);
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new ExchangeError('body_too_large', 'the chunk extensions of the body are too large');
    case undefined:
    default:
      return new ExchangeError('bad_request', 'the request is not proper HTTP/1.1');
  }
}

/** Whether the client closed its side in the middle of a request, as one that goes away does. */
export function hasLeft({ code }: ClientError): boolean {
  return code === 'HPE_INVALID_EOF_STATE';
}

/** The parser counts target and fields together; a request line without an end is a long target. */
function overflowOf({ rawPacket }: ClientError, limits: LimitsConfig): ExchangeError {
  const start = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1', 0, MAX_START_BYTES) : '';
  const [line = ''] = start.split('\r\n', 1);
  if (
    line.length > limits.maxTargetBytes &&
    METHOD_AND_TARGET.test(line.split(' HTTP/')[0] ?? '')
  ) {
    const message = `the request target is longer than ${limits.maxTargetBytes} bytes (limits.target_bytes)`;
    return new ExchangeError('uri_too_long', message);
  }
  const message = `the request head is larger than ${limits.maxHeaderBytes} bytes (limits.header_bytes)`;
  return new ExchangeError('headers_too_large', message);
}

/**
 * Answers on a bare connection and closes it: where the next request would begin is in doubt. In the
 * middle of a reply there is no answer, for it would be read as a part of that.
 */
export function answerEarly(socket: Socket, error: ExchangeError, requestId: string): void {
  if (!socket.writable || isReplying(socket)) {
    socket.destroy();
    return;
  }
  const body = error.toBody();
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    ...Object.entries(error.headers).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  noteClosing(socket);
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  lingerThenClose(socket);
}

/** Node keeps the response under way on its socket, and looks there before it answers by itself. */
function isReplying(socket: Socket): boolean {
  const response: unknown = Reflect.get(socket, '_httpMessage');
  return response instanceof ServerResponse && response.headersSent;
}
