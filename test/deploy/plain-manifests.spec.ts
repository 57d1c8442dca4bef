import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { renderManifests } from '../../scripts/render-manifests.mjs';
import { describeWith, projectPath } from './tools.js';

describeWith(['helm'], 'the plain manifests', () => {
  it('are what the chart renders to; "npm run deploy:render" writes them anew', () => {
    const written = readFileSync(projectPath('deploy/kubernetes/sluice.yaml'), 'utf8');
    expect(written).toBe(renderManifests());
  });
});
