/** Paths below which Sluice answers itself, or says that nothing is there. */
const OWN_PREFIXES = ['/health', '/metrics', '/analytics'] as const;

/** A path at which no controller answers, so that the router's 404 comes of it. */
const NOTHING_ROUTE = '/nothing';

/** Targets in which there is nothing to decode or normalize: a router reads them as they are. */
const PLAIN_TARGET = /^(?:\/[A-Za-z0-9_.~-]+)+(?:\?|$)/;

/**
 * Whether a target is for Sluice itself. Compared literally: what needs decoding or normalizing to
 * look like such a path is none, and a backend gets it as it is.
 */
export function isOwnTarget(target: string): boolean {
  return OWN_PREFIXES.some((prefix) => {
    if (!target.startsWith(prefix)) return false;
    const next = target[prefix.length];
    return next === undefined || next === '/' || next === '?';
  });
}

/**
 * The URL by which the router finds the handler of an own target. What is forwarded never reaches
 * the router, so none of its decoding can refuse, change or misroute it.
 */
export function routedUrl(target: string): string {
  return PLAIN_TARGET.test(target) ? target : NOTHING_ROUTE;
}
