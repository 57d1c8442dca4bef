import { readdirSync } from 'node:fs';
import { parseAllDocuments, stringify } from 'yaml';
import { projectPath, runTool, type ToolRun } from './tools.js';

export const CHART = 'deploy/helm/sluice';

/** A helm that was built without its release scripts takes Kubernetes for 1.20. */
export const KUBERNETES = '1.34.0';

/** The values files that the chart is rendered with, by name. */
export const VALUES_FILES: readonly string[] = readdirSync(projectPath(`${CHART}/ci`)).sort();

/** A rendered object, as far as all kinds are alike. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

/** Runs `helm template` with these values over those of a file in `ci/`. */
export function template(file: string, values: object = {}): ToolRun {
  const args = ['template', 'sluice', CHART, '--kube-version', KUBERNETES];
  return runTool('helm', [...args, '-f', `${CHART}/ci/${file}`, '-f', '-'], stringify(values));
}

/** The rendered text. */
export function rendered(file: string, values: object = {}): string {
  const { exitCode, stdout, output } = template(file, values);
  if (exitCode !== 0) throw new Error(output);
  return stdout;
}

/** The rendered objects, by kind; the chart has at most one of each. */
export function objects(file: string, values: object = {}): Readonly<Record<string, Manifest>> {
  const documents = parseAllDocuments(rendered(file, values));
  const manifests = documents.map((document) => document.toJS() as Manifest);
  return Object.fromEntries(manifests.map((manifest) => [manifest.kind, manifest]));
}

/** The `config.json` in the rendered ConfigMap. */
export function configText(file: string, values: object = {}): string {
  return objects(file, values).ConfigMap?.data?.['config.json'] ?? '';
}
