import { expect, it } from '@jest/globals';
import { template } from './chart.js';
import { describeWith } from './tools.js';

const BACKEND = { name: 'a', url: 'http://a.svc' };
const withSettings = (settings: object) => ({ config: { settings } });
const withSinks = (...sinks: object[]) => withSettings({ analytics: { sinks } });

describeWith(['helm'], 'the Helm chart refuses', () => {
  it.each<[string, object, string]>([
    [
      'a value that it does not know',
      { replica: 3 },
      "additional properties 'replica' not allowed",
    ],
    [
      'an unknown key in any depth',
      { secrets: { env: { KEY: { secret: 's', key: 'k', optional: true } } } },
      "additional properties 'optional' not allowed",
    ],
    ['a port that only root may open', { port: 80 }, "at '/port': minimum"],
    ['a host with a scheme', { ingress: { hosts: ['https://a.example'] } }, "'/ingress/hosts/0'"],
    [
      'a backend without a url',
      { config: { primary_backends: [{ name: 'a' }] } },
      "property 'url'",
    ],
    [
      'a budget without pods',
      { replicas: 0 },
      'podDisruptionBudget protects no pod: replicas is 0',
    ],
    [
      'a budget that no node drain could keep',
      { podDisruptionBudget: { minAvailable: 2, maxUnavailable: null } },
      'podDisruptionBudget.minAvailable 2 of 2 pods: no node could ever be drained',
    ],
    [
      'such a budget with an autoscaler',
      {
        autoscaling: { enabled: true, minReplicas: 3 },
        podDisruptionBudget: { minAvailable: 3, maxUnavailable: null },
      },
      'podDisruptionBudget.minAvailable 3 of 3 pods',
    ],
    ['all pods of a budget', { podDisruptionBudget: { minAvailable: '100%' } }, '/minAvailable'],
    [
      'a budget with two measures',
      { podDisruptionBudget: { minAvailable: 1 } },
      'podDisruptionBudget takes one of minAvailable and maxUnavailable',
    ],
    [
      'an Ingress without hosts',
      { ingress: { enabled: true } },
      'ingress.hosts is empty: an Ingress without a host takes every name',
    ],
    [
      'a route without host names',
      { httpRoute: { enabled: true, parentRefs: [{ name: 'public' }] } },
      'httpRoute.hostnames is empty: a route without one takes every name of its gateway',
    ],
    [
      'a route without a gateway',
      { httpRoute: { enabled: true, hostnames: ['llm.example.com'] } },
      'httpRoute.parentRefs is empty: no gateway would serve the route',
    ],
    [
      'one volume for several pods',
      { persistence: { enabled: true } },
      'persistence is one volume, and 2 pods cannot write the same DuckDB file or spool',
    ],
    [
      'one volume for the pods of an autoscaler',
      { replicas: 1, persistence: { enabled: true }, autoscaling: { enabled: true } },
      'persistence is one volume, and 10 pods cannot write',
    ],
    [
      'a period of grace that is shorter than the drain',
      { terminationGracePeriodSeconds: 300 },
      'terminationGracePeriodSeconds 300 is less than the drain takes (delay and deadline: 305)',
    ],
    [
      'fewer pods at most than at least',
      { autoscaling: { enabled: true, minReplicas: 4, maxReplicas: 3 } },
      'autoscaling.minReplicas 4 is above maxReplicas 3',
    ],
    [
      'an autoscaler that looks at nothing',
      { autoscaling: { enabled: true, targetCpuPercent: 0 } },
      'autoscaling has nothing to go by: set targetCpuPercent or targetInFlight',
    ],
    [
      'a share of a CPU that was not asked for',
      { autoscaling: { enabled: true }, resources: { requests: { cpu: null } } },
      'autoscaling.targetCpuPercent is a share of resources.requests.cpu, which is not set',
    ],
    [
      'a key in the ConfigMap',
      { config: { fallback_backends: [{ ...BACKEND, api_key: 'sentinel' }] } },
      'the api_key of backend "a" is written into a ConfigMap: use ${NAME} and secrets.env',
    ],
    [
      'an admin key in the ConfigMap',
      withSettings({ admin_key: 'sentinel' }),
      'config.settings.admin_key is written into a ConfigMap: use ${NAME} and secrets.env',
    ],
    [
      'an address to listen on that the Service would not know',
      withSettings({ listen: '0.0.0.0:9' }),
      'config.settings.listen is made of listenHost and port: set those',
    ],
    [
      'a variable that would move the listener',
      { env: { LISTEN_PORT: 9 } },
      "the variable LISTEN_PORT is the chart's own: set listenHost, port or database.secret",
    ],
    [
      'a variable with two values',
      { env: { KEY: 'a' }, secrets: { env: { KEY: { secret: 's', key: 'k' } } } },
      'the variable KEY is set both by env and by secrets.env',
    ],
    [
      'a file that could not be written',
      withSinks({ use: 'duckdb', path: 'data/analytics.duckdb' }),
      'the path of a duckdb sink is not below /var/lib/sluice/: everything else is read-only',
    ],
    [
      'a file at its default place, which could not be written',
      withSinks({ use: 'file' }),
      'the path of a file sink is not below /var/lib/sluice/',
    ],
    [
      'a spool that could not be written',
      withSettings({ analytics: { spool: { path: 'data/spool' } } }),
      'config.settings.analytics.spool.path is not below /var/lib/sluice/',
    ],
  ])('%s', (_what, values, message) => {
    const { exitCode, output } = template('default-values.yaml', values);
    expect([exitCode, output]).toEqual([1, expect.stringContaining(message)]);
    expect(output).not.toContain('sentinel');
  });

  it('everything that is wrong at once', () => {
    const { output } = template('default-values.yaml', {
      replicas: 0,
      ingress: { enabled: true },
      terminationGracePeriodSeconds: 1,
    });
    expect(output.match(/^- .*/gm)).toHaveLength(3);
  });
});
