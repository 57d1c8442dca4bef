import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { locate } from './locate-tools.mjs';

const CHART = fileURLToPath(new URL('../deploy/helm/sluice', import.meta.url));
const MANIFESTS = fileURLToPath(new URL('../deploy/kubernetes/sluice.yaml', import.meta.url));

const HEADING = `# Made of deploy/helm/sluice by "npm run deploy:render", with its default values.
# Set the image and the configuration, then: kubectl apply -f sluice.yaml
`;

/**
 * The chart with its default values, as one file for kubectl.
 *
 * @returns {string}
 */
export function renderManifests() {
  // A helm that was built without its release scripts takes Kubernetes for 1.20.
  const args = ['template', 'sluice', CHART, '--kube-version', '1.34.0'];
  const { status, stdout, stderr, error } = spawnSync(locate('helm') ?? 'helm', args, {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr);
  return HEADING + stdout;
}

// `npm run deploy:render`
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(MANIFESTS, renderManifests());
}
