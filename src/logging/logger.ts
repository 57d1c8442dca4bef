import { pino, type Logger } from 'pino';
import { type LogLevel } from '../config/typed/settings-config.js';
import { errorFields } from './error-fields.js';
import { type LogDestination } from './log-destination.js';

/** Injection token of the {@link Logger} that the whole process writes to. */
export const LOGGER = Symbol('LOGGER');

/** Injection token of the {@link LogDestination} behind it. */
export const LOG_DESTINATION = Symbol('LOG_DESTINATION');

/**
 * Creates the logger: one JSON object per line with `level` as a word, `time` in ISO 8601 and
 * `msg`. Errors belong under the key `err`, where only their harmless fields are written.
 *
 * @param level least important level that is written
 */
export function createLogger(level: LogLevel, destination: LogDestination): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorFields },
    },
    destination,
  );
}

/**
 * Writes a line in the form of the logger's own, for what is logged with every exchange: pino
 * writes field by field, which takes three times as long as turning the whole into JSON.
 *
 * @param fields hold no secret and no error; neither is looked for
 */
export function writeLine(
  destination: LogDestination,
  {
    level,
    msg,
    fields,
  }: { readonly level: LogLevel; readonly msg: string; readonly fields: object },
): void {
  const time = new Date().toISOString();
  destination.write(`${JSON.stringify({ level, time, ...fields, msg })}\n`);
}
