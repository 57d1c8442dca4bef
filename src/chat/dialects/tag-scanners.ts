import { type TagDialectConfig } from '../../config/sluice-config.js';
import { createMarkerScanner, type MarkerScanner } from './marker-scanner.js';

/** The markers that matter in each part of a message. */
export interface TagScanners {
  readonly openers: MarkerScanner;
  readonly enders: MarkerScanner;
  readonly answerOpeners: MarkerScanner;
  /** In the answer; null where none matters there, so that it passes unread. */
  readonly answer: MarkerScanner | null;
  /** In an answer behind a block or an answer's own marker, whose end may follow. */
  readonly wrappedAnswer: MarkerScanner | null;
}

export function prepareScanners(config: TagDialectConfig): TagScanners {
  return {
    openers: createMarkerScanner(present([config.open, ...config.contentOpen])),
    enders: createMarkerScanner([config.close, ...config.toolOpen]),
    answerOpeners: createMarkerScanner(config.contentOpen),
    answer: answerScanner(config, []),
    wrappedAnswer: answerScanner(config, [...config.contentOpen, ...config.contentClose]),
  };
}

function answerScanner(
  config: TagDialectConfig,
  wrappers: readonly string[],
): MarkerScanner | null {
  const markers = [
    ...(config.scope === 'anywhere' ? present([config.open]) : []),
    ...(config.strayClose === 'drop' ? [config.close] : []),
    ...wrappers,
  ];
  return markers.length === 0 ? null : createMarkerScanner(markers);
}

function present(markers: readonly string[]): readonly string[] {
  return markers.filter((marker) => marker !== '');
}
