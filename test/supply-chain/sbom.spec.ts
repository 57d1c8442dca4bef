import { describe, expect, it } from '@jest/globals';
import { productionPackages, readLockFile } from '../../scripts/production-packages.mjs';
import { productionBom, wholeBom } from '../../scripts/write-sbom.mjs';

describe('the bill of materials', () => {
  const packages = productionPackages(readLockFile());
  const bom = productionBom(wholeBom(), packages, 'sluice');

  it('is CycloneDX and names the project', () => {
    expect(bom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      metadata: { component: { name: 'sluice', type: 'application' } },
    });
  });

  it('has every production package with its hash and licence, and no other', () => {
    const locked = new Set(packages.map(({ name, version }) => `${name}@${version}`));
    const listed = bom.components.map((component) => component['bom-ref']);
    expect(listed.sort()).toEqual([...locked].sort());
    for (const component of bom.components) {
      expect(component).toMatchObject({
        hashes: [{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }],
        licenses: [expect.anything()],
      });
    }
  });

  it('depends on nothing that it does not list', () => {
    const listed = new Set(bom.components.map((component) => component['bom-ref']));
    const needed = bom.dependencies.flatMap(({ dependsOn }) => dependsOn);
    expect(needed).toContain('rxjs@7.8.2');
    expect(needed.filter((ref) => !listed.has(ref))).toEqual([]);
  });
});
