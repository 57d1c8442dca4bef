import { expect, it } from '@jest/globals';
import { objects } from './chart.js';
import { describeWith } from './tools.js';

describeWith(['helm'], 'the ways to the pods', () => {
  it('are open to nobody, and from them nothing, but what the network policy says', () => {
    const { spec } = objects('fleet-values.yaml').NetworkPolicy ?? {};
    expect(spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ port: 'http' }], from: [{}, {}] }],
      egress: [{ ports: [{ port: 53 }, { port: 53 }] }, { ports: [{ port: 8000 }] }, {}],
    });
    const open = objects('single-values.yaml').NetworkPolicy?.spec;
    expect(open).toMatchObject({ policyTypes: ['Ingress'] });
    expect(open).not.toHaveProperty('egress');
  });

  it('begin at an Ingress with the public paths, which buffers nothing and waits', () => {
    const service = { name: 'sluice-gateway', port: { name: 'http' } };
    expect(objects('fleet-values.yaml').Ingress).toMatchObject({
      metadata: {
        annotations: {
          'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
          'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
        },
      },
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            host: 'llm.example.com',
            http: {
              paths: [
                { path: '/v1', pathType: 'Prefix', backend: { service } },
                { path: '/chat/completions', pathType: 'Prefix', backend: { service } },
                { path: '/embeddings', pathType: 'Prefix', backend: { service } },
              ],
            },
          },
        ],
      },
    });
  });

  // Kubernetes' own schemas know neither of these two kinds, so all of them stands here.
  it('begin at an HTTPRoute without a time limit', () => {
    const { apiVersion, spec } = objects('fleet-values.yaml').HTTPRoute ?? {};
    expect(apiVersion).toBe('gateway.networking.k8s.io/v1');
    expect(spec).toEqual({
      parentRefs: [{ name: 'public', namespace: 'gateways', sectionName: 'https' }],
      hostnames: ['llm.example.com'],
      rules: [
        {
          matches: [
            { path: { type: 'PathPrefix', value: '/v1' } },
            { path: { type: 'PathPrefix', value: '/chat/completions' } },
            { path: { type: 'PathPrefix', value: '/embeddings' } },
          ],
          timeouts: { request: '0s' },
          backendRefs: [{ name: 'sluice-gateway', port: 80 }],
        },
      ],
    });
  });

  it('are told to Prometheus by a ServiceMonitor', () => {
    const { apiVersion, metadata, spec } = objects('tls-values.yaml').ServiceMonitor ?? {};
    expect(apiVersion).toBe('monitoring.coreos.com/v1');
    expect(metadata?.name).toBe('sluice');
    expect(spec).toEqual({
      selector: {
        matchLabels: { 'app.kubernetes.io/name': 'sluice', 'app.kubernetes.io/instance': 'sluice' },
      },
      endpoints: [
        {
          port: 'http',
          path: '/metrics',
          scheme: 'https',
          interval: '15s',
          scrapeTimeout: '10s',
          tlsConfig: { insecureSkipVerify: true },
        },
      ],
    });
  });
});
