import { Inject, Injectable, type LoggerService } from '@nestjs/common';
import { type Level, type Logger } from 'pino';
import { LOGGER } from './logger.js';

/** Parts of Nest that report every module and route at start: worth reading only when debugging. */
const CHATTY_CONTEXTS: ReadonlySet<string> = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/**
 * Lets Nest, and everything that uses Nest's `Logger`, write to Sluice's log.
 *
 * A message may be a sentence, an `Error`, or an object of fields with its sentence under `msg`.
 */
@Injectable()
export class NestLogger implements LoggerService {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  log(message: unknown, ...rest: readonly unknown[]): void {
    const context = contextOf(rest);
    const isChatty = context !== null && CHATTY_CONTEXTS.has(context);
    this.write(isChatty ? 'debug' : 'info', message, context);
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.write('warn', message, contextOf(rest));
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.write('debug', message, contextOf(rest));
  }

  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.write('trace', message, contextOf(rest));
  }

  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.write('fatal', message, contextOf(rest));
  }

  /** Nest passes a stack, an error or both before the context. */
  error(message: unknown, ...rest: readonly unknown[]): void {
    const thrown = rest.find((argument) => argument instanceof Error);
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? { stack: rest[0] } : {};
    this.write('error', message, contextOf(rest), thrown ? { err: thrown } : stack);
  }

  private write(level: Level, message: unknown, context: string | null, extra: object = {}): void {
    const fields = { ...(context === null ? {} : { context }), ...extra };
    if (message instanceof Error) this.logger[level]({ ...fields, err: message }, message.message);
    else if (isFields(message)) this.logger[level]({ ...fields, ...message });
    else this.logger[level](fields, String(message));
  }
}

// By Nest's convention the last argument is the context: the name of the class that logs.
function contextOf(rest: readonly unknown[]): string | null {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : null;
}

function isFields(message: unknown): message is object {
  return typeof message === 'object' && message !== null;
}
