import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { headingSlug } from '../../scripts/heading-slug.mjs';
import { inProject, linkedPath, page, type Page, pages } from '../support/documents.js';

const INLINE_LINK = /\]\(([^)\s]+)\)/g;
const HEADING = /^#{1,6} (.+)$/gm;
const SCHEME = /^[a-z][a-z+.-]*:/;

function relativeLinks({ prose }: Page): string[] {
  const links = [...prose.matchAll(INLINE_LINK)].map(([, link = '']) => link);
  return links.filter((link) => !SCHEME.test(link));
}

// A link within a heading counts by its text.
function slugsOf({ prose }: Page): string[] {
  return [...prose.matchAll(HEADING)].map(([, heading = '']) =>
    headingSlug(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')),
  );
}

function isBroken(from: Page, link: string): boolean {
  const [file = '', fragment] = link.split('#');
  const path = file === '' ? from.path : linkedPath(from, file);
  if (!existsSync(inProject(path))) return true;
  return fragment !== undefined && !slugsOf(page(path)).includes(fragment);
}

const written = pages();

describe('the documentation', () => {
  it('is found as a whole', () => {
    expect(written.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/faq.md', 'test/clients/README.md']),
    );
    expect(written.flatMap(relativeLinks).length).toBeGreaterThan(100);
  });

  it.each(written.map((from) => [from.path, from] as const))(
    'links from %s to what is there',
    (_, from) => {
      expect(relativeLinks(from).filter((link) => isBroken(from, link))).toEqual([]);
    },
  );

  it.each(written.map((from) => [from.path, from] as const))(
    'names scripts in %s that npm runs',
    (_, { text }) => {
      const { scripts } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as {
        scripts: Record<string, string>;
      };
      const named = [...text.matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)];
      expect(named.flatMap(([, name = '']) => (name in scripts ? [] : [name]))).toEqual([]);
    },
  );
});

describe('a link to a heading', () => {
  it('is written as GitHub writes it', () => {
    expect(headingSlug('`primary_backends[]` and `fallback_backends[]`')).toBe(
      'primary_backends-and-fallback_backends',
    );
    expect(headingSlug("From LiteLLM's proxy")).toBe('from-litellms-proxy');
    expect(headingSlug('Per request: `x-sluice-reasoning`')).toBe('per-request-x-sluice-reasoning');
  });
});
