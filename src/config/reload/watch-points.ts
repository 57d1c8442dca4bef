import { readlinkSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { codeOf } from '../../errors/error-code.js';

/** A name in a folder whose coming, going or change may change what a path leads to. */
export interface WatchPoint {
  readonly folder: string;
  readonly name: string;
}

/** As many symbolic links as Linux follows in one path (path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * What to watch to notice a change of the file at an absolute path: the file itself where it really
 * is, and every symbolic link on the way, for a Kubernetes ConfigMap is updated by exchanging one.
 * Where the way ends early, the first name that is missing.
 */
export function watchPoints(path: string): WatchPoint[] {
  const points: WatchPoint[] = [];
  let folder: string = sep;
  let links = 0;
  const ahead = stepsOf(path);
  for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
    if (name === '..') {
      folder = dirname(folder);
      continue;
    }
    const target = linkTarget(join(folder, name));
    if (target.kind !== 'none' || ahead.length === 0) points.push({ folder, name });
    if (target.kind === 'missing' || links === MAX_LINKS) return points;
    if (target.kind === 'none') {
      folder = join(folder, name);
      continue;
    }
    links += 1;
    if (target.path.startsWith(sep)) folder = sep;
    ahead.unshift(...stepsOf(target.path));
  }
  return points;
}

function stepsOf(path: string): string[] {
  return path.split(sep).filter((step) => step !== '' && step !== '.');
}

type LinkTarget =
  | { readonly kind: 'link'; readonly path: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'missing' };

function linkTarget(path: string): LinkTarget {
  try {
    return { kind: 'link', path: readlinkSync(path) };
  } catch (error) {
    // readlink(2): EINVAL is the answer for what is there and no link.
    return { kind: codeOf(error) === 'EINVAL' ? 'none' : 'missing' };
  }
}
