import { type TagDialectConfig } from '../../../config/typed/tag-dialect.js';
import { countSpace } from '../dialect.js';
import {
  createMarkerScanner,
  type Expectation,
  type MarkerPlace,
  type MarkerScanner,
} from '../marker-scanner.js';

/** The markers that matter in one part of a message. */
export interface PartScanner {
  readonly markers: MarkerScanner;
  /** Whether one of them begins with white space, which then is not trimmed before it is known. */
  readonly mayBeginWithSpace: boolean;
}

/** The markers that matter in each part of a message. */
export interface TagScanners {
  readonly openers: PartScanner;
  readonly enders: PartScanner;
  /** In the answer; null where none matters there, so that it passes unread. */
  readonly answer: PartScanner | null;
}

/** Prepares the scanners of a dialect, once for all messages. */
export function prepareScanners(config: TagDialectConfig): TagScanners {
  const answerMarkers = [
    ...(config.scope === 'anywhere' ? [config.open] : []),
    ...(config.strayClose === 'drop' ? [config.close] : []),
    ...config.contentOpen,
    ...config.contentClose,
  ];
  return {
    openers: partScanner([config.open, ...config.contentOpen]),
    enders: partScanner([config.close, ...config.toolOpen]),
    answer: answerMarkers.some(isPresent) ? partScanner(answerMarkers) : null,
  };
}

/** Whether white space at the start of a message may be the beginning of a marker. */
export function mayBeginWithSpace({ openers, answer }: TagScanners): boolean {
  return openers.mayBeginWithSpace || answer?.mayBeginWithSpace === true;
}

function partScanner(listed: readonly string[]): PartScanner {
  const markers = listed.filter(isPresent);
  return {
    markers: createMarkerScanner(markers),
    mayBeginWithSpace: markers.some((marker) => countSpace(marker, 0) > 0),
  };
}

/**
 * The first marker that begins in the white space at the start of `text`, of `space` characters,
 * or right behind it.
 */
export function placeBehindSpace(
  { markers, mayBeginWithSpace }: PartScanner,
  text: string,
  space: number,
  expect: Expectation,
): MarkerPlace | null {
  for (let at = mayBeginWithSpace ? 0 : space; at < space; at++) {
    const place = markers.at(text, at, expect);
    if (place !== null) return place;
  }
  return markers.at(text, space, expect);
}

function isPresent(marker: string): boolean {
  return marker !== '';
}
