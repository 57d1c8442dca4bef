import { describe, expect, it } from '@jest/globals';
import { licenseFaults } from '../../scripts/check-licenses.mjs';
import { productionPackages, readLockFile } from '../../scripts/production-packages.mjs';

const version = '1.0.0';

describe('the licences of production packages', () => {
  it('are all allowed', () => {
    const packages = productionPackages(readLockFile());
    expect(packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        '@nestjs/common',
        'rxjs',
        'undici',
        '@duckdb/node-bindings-linux-x64',
      ]),
    );
    expect(licenseFaults(packages)).toEqual([]);
  });

  it('are not those of development alone', () => {
    const lockFile = {
      packages: {
        '': { name: 'sluice' },
        'node_modules/a': { version, license: 'MIT' },
        'node_modules/a/node_modules/@b/c': { version, license: 'ISC' },
        'node_modules/alias': { name: 'd', version },
        'node_modules/tool': { version, license: 'GPL-3.0-only', dev: true },
      },
    };
    expect(productionPackages(lockFile)).toEqual([
      { name: 'a', version, license: 'MIT' },
      { name: '@b/c', version, license: 'ISC' },
      { name: 'd', version, license: null },
    ]);
  });
});

describe('a licence', () => {
  it.each(['MIT', '(MIT OR GPL-3.0-only)', 'GPL-2.0-only OR Apache-2.0', 'Apache-2.0 AND MIT'])(
    'is allowed as %s',
    (license) => {
      expect(licenseFaults([{ name: 'a', version, license }])).toEqual([]);
    },
  );

  it.each([
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'MIT AND GPL-3.0-only',
    '(MIT AND (ISC OR LGPL-3.0-only))',
    'SEE LICENSE IN LICENSE.txt',
    'UNLICENSED',
    '',
  ])('is refused as %j', (license) => {
    expect(licenseFaults([{ name: 'a', version, license }])).toEqual([`a@1.0.0: ${license}`]);
  });

  it('is refused when there is none', () => {
    expect(licenseFaults([{ name: 'a', version, license: null }])).toEqual([
      'a@1.0.0: names no licence',
    ]);
  });
});
