import { readBaseUrl } from './base-url.js';

const SIGNAL_PATH = /\/v1\/(?:traces|metrics|logs)$/;

/** What is wrong with the base URL of an OTLP/HTTP collector; null when nothing is. */
export function collectorUrlProblem(text: string): string | null {
  const read = readBaseUrl(text);
  if (read.kind === 'fault') return read.problem;
  const signal = SIGNAL_PATH.exec(read.url.path)?.[0];
  return signal === undefined ? null : `must be the base URL of the collector, without ${signal}`;
}

/** The URL of a collector without a slash at its end; its paths are appended. */
export function toCollectorUrl(text: string): string {
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/+$/, '');
}
