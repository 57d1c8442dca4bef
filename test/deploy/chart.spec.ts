import { expect, it } from '@jest/globals';
import { CHART, configText, objects, VALUES_FILES } from './chart.js';
import { describeWith, runTool } from './tools.js';

describeWith(['helm'], 'the Helm chart', () => {
  it('passes helm lint', () => {
    const files = VALUES_FILES.flatMap((file) => ['-f', `${CHART}/ci/${file}`]);
    for (const values of [[], files]) {
      const { exitCode, output } = runTool('helm', ['lint', '--strict', CHART, ...values]);
      expect([exitCode, output]).toEqual([0, expect.stringContaining('0 chart(s) failed')]);
    }
  });

  it('gives a pod no more than it needs', () => {
    expect(podOf('fleet-values.yaml')).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    });
    expect(objects('fleet-values.yaml').ServiceAccount).toMatchObject({
      metadata: { name: 'gateway' },
      automountServiceAccountToken: false,
    });
  });

  it('asks the probes where Sluice answers them, in the scheme it listens with', () => {
    const probesAt = (scheme: string) => ({
      livenessProbe: { httpGet: { path: '/health/live', port: 'http', scheme } },
      readinessProbe: { httpGet: { path: '/health/ready', port: 'http', scheme } },
      startupProbe: { httpGet: { path: '/health/live', port: 'http', scheme } },
    });
    expect(podOf('default-values.yaml')).toMatchObject({ containers: [probesAt('HTTP')] });
    expect(podOf('tls-values.yaml')).toMatchObject({ containers: [probesAt('HTTPS')] });
  });

  it('leaves the drain ten seconds more than it may take, rounded up', () => {
    expect(podOf('default-values.yaml')).toMatchObject({ terminationGracePeriodSeconds: 315 });
    expect(podOf('single-values.yaml')).toMatchObject({ terminationGracePeriodSeconds: 73 });
    expect(podOf('fleet-values.yaml')).toMatchObject({ terminationGracePeriodSeconds: 960 });
  });

  it('mounts the configuration as a folder, so that a change of it arrives', () => {
    expect(podOf('default-values.yaml')).toMatchObject({
      containers: [
        {
          env: [{ name: 'SLUICE_CONFIG', value: '/etc/sluice/config.json' }],
          volumeMounts: [
            { name: 'config', mountPath: '/etc/sluice', readOnly: true },
            { name: 'data', mountPath: '/var/lib/sluice' },
          ],
        },
      ],
      volumes: [
        { name: 'config', configMap: { name: 'sluice' } },
        { name: 'data', emptyDir: { sizeLimit: '4Gi' } },
      ],
    });
  });

  it('replaces the pods of a changed configuration only when asked to', () => {
    const annotations = (file: string, config: object) =>
      (objects(file, { config }).Deployment?.spec as Templated).template.metadata.annotations;
    const models = { models: { fast: { model: 'm' } } };
    expect(annotations('default-values.yaml', models)).toBeUndefined();
    const before = annotations('tls-values.yaml', {});
    expect(before).toMatchObject({ 'checksum/config': expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(annotations('tls-values.yaml', models)).not.toEqual(before);
  });

  it('takes secrets by reference', () => {
    const secretKeyRef = (name: string, key: string) => ({
      valueFrom: { secretKeyRef: { name, key } },
    });
    expect(podOf('fleet-values.yaml')).toMatchObject({
      containers: [
        {
          env: [
            { name: 'SLUICE_CONFIG' },
            { name: 'DATABASE_URL', ...secretKeyRef('sluice-postgres', 'uri') },
            { name: 'VLLM_KEY', ...secretKeyRef('model-keys', 'vllm') },
            { name: 'DEBUG', value: 'true' },
          ],
          envFrom: [{ secretRef: { name: 'more-variables' } }],
        },
      ],
      volumes: [{}, {}, { name: 'secret-0', secret: { secretName: 'openai', defaultMode: 0o440 } }],
    });
  });

  it('writes analytics where it can: in the database where there is one, else in its volume', () => {
    expect(JSON.parse(configText('default-values.yaml'))).toMatchObject({
      settings: {
        analytics: {
          sinks: [{ use: 'duckdb', path: '/var/lib/sluice/analytics.duckdb' }],
          spool: { path: '/var/lib/sluice/spool' },
        },
      },
    });
    expect(JSON.parse(configText('fleet-values.yaml'))).toMatchObject({
      settings: { analytics: { sinks: [{ use: 'postgres', url: '${DATABASE_URL}' }] } },
    });
    expect(JSON.parse(configText('single-values.yaml'))).toMatchObject({
      settings: { analytics: { sinks: [{ path: '/var/lib/sluice/who.duckdb' }, { use: 'file' }] } },
    });
  });

  it('never has two pods at one volume', () => {
    const { Deployment, PersistentVolumeClaim } = objects('single-values.yaml');
    expect(Deployment?.spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'Recreate' },
      template: { spec: { volumes: [{}, { persistentVolumeClaim: { claimName: 'sluice' } }] } },
    });
    expect(PersistentVolumeClaim).toMatchObject({
      metadata: { name: 'sluice' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '20Gi' } } },
    });
    const existing = { persistence: { existingClaim: 'kept' } };
    expect(objects('single-values.yaml', existing)).not.toHaveProperty('PersistentVolumeClaim');
  });

  it('leaves the number of pods to the autoscaler where there is one', () => {
    const { Deployment, HorizontalPodAutoscaler } = objects('fleet-values.yaml');
    expect(Deployment?.spec).not.toHaveProperty('replicas');
    expect(HorizontalPodAutoscaler?.spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'sluice-gateway' },
      metrics: [
        { resource: { name: 'cpu', target: { averageUtilization: 60 } } },
        {
          pods: {
            metric: { name: 'sluice_in_flight' },
            target: { type: 'AverageValue', averageValue: '400' },
          },
        },
      ],
    });
  });
});

/** The part of a Deployment that its pods are made from. */
interface Templated {
  readonly template: {
    readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
    readonly spec: object;
  };
}

function podOf(file: string): object {
  return (objects(file).Deployment?.spec as Templated).template.spec;
}
