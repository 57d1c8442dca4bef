import { type IncomingMessage } from 'node:http';
import { ExchangeError } from '../exchange-error.js';
import { CoarseTimeout } from '../timing/coarse-timeout.js';
import { stalledBody } from './upload-stream.js';

/** How much is read, how long it may stall, and who is told of what came. */
export interface CollectOptions {
  readonly maxBytes: number;
  /** Longest wait for the next bytes; a slow body that keeps moving is fine. */
  readonly stallMs: number;
  readonly onBytes: (bytes: number) => void;
}

/** What was read of a body: all of it, or as much as shows that it is too large. */
export interface CollectedBody {
  readonly chunks: Buffer[];
  readonly bytes: number;
  readonly isWhole: boolean;
}

/**
 * Reads a whole request body into memory. Of one above the bound no more is read than that takes;
 * the rest stays with the paused request.
 *
 * @throws ExchangeError `request_timeout` when the client stalls, `bad_request` when it leaves
 * before the end.
 */
export function collectBody(
  incoming: IncomingMessage,
  options: CollectOptions,
): Promise<CollectedBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const stall = new CoarseTimeout(options.stallMs, () => {
      settle(() => {
        reject(stalledBody(options.stallMs));
      });
    });

    const settle = (outcome: () => void): void => {
      stall.stop();
      incoming.off('data', onData).off('end', onEnd).off('close', onClose);
      outcome();
    };
    const onData = (chunk: Buffer): void => {
      stall.refresh();
      bytes += chunk.length;
      options.onBytes(chunk.length);
      chunks.push(chunk);
      if (bytes <= options.maxBytes) return;
      // At once: what comes while nobody listens would be lost.
      incoming.pause();
      settle(() => {
        resolve({ chunks, bytes, isWhole: false });
      });
    };
    const onEnd = (): void => {
      settle(() => {
        resolve({ chunks, bytes, isWhole: true });
      });
    };
    const onClose = (): void => {
      settle(() => {
        reject(new ExchangeError('bad_request', 'the request body ended before its time'));
      });
    };
    incoming.on('data', onData).on('end', onEnd).on('close', onClose);
    if (incoming.destroyed) onClose();
  });
}

/** The error of a JSON body above the bound. */
export function bodyTooLarge(maxBytes: number): ExchangeError {
  return new ExchangeError(
    'body_too_large',
    `the request body is larger than ${maxBytes} bytes, the most that is read as JSON (limits.body_bytes)`,
  );
}
