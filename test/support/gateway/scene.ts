import { afterEach } from '@jest/globals';
import { type BackendConfig } from '../../../src/config/typed/backend-config.js';
import { type SluiceConfig } from '../../../src/config/typed/sluice-config.js';
import { RawClient, type RawClientOptions } from '../client/raw-client.js';
import {
  type ScriptedUpstream,
  startUpstream,
  type UpstreamScript,
  type UpstreamTls,
} from '../upstream/scripted-upstream.js';
import { backend, configOf, type SettingsChoice } from './config.js';
import { type Gateway, startGateway } from './gateway.js';

export interface SceneOptions {
  /** What is special about the one backend. */
  readonly backend?: Partial<BackendConfig>;
  readonly settings?: SettingsChoice;
  readonly tls?: UpstreamTls;
  /** Appended to the upstream's origin; none by default. */
  readonly base?: string;
}

/** An upstream, a gateway before it, and clients; all of it goes when the test ends. */
export interface Scene {
  readonly upstream: ScriptedUpstream;
  readonly gateway: Gateway;
  readonly client: (options?: RawClientOptions) => Promise<RawClient>;
}

/** Call at the top of a suite; what it gives back sets a scene inside a test. */
export function useScenes() {
  const closers: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    // The last opened goes first: clients, then the gateway, then its backends.
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function upstreamOf(script: UpstreamScript, tls?: UpstreamTls): Promise<ScriptedUpstream> {
    const upstream = await startUpstream(script, tls === undefined ? {} : { tls });
    closers.push(() => upstream.close());
    return upstream;
  }

  async function gatewayOf(
    backends: readonly BackendConfig[],
    settings: SettingsChoice = {},
  ): Promise<Gateway> {
    return gatewayWith(configOf(backends, settings));
  }

  async function gatewayWith(config: SluiceConfig): Promise<Gateway> {
    const gateway = await startGateway(config);
    closers.push(() => gateway.close());
    return gateway;
  }

  async function clientOf(gateway: Gateway, options?: RawClientOptions): Promise<RawClient> {
    const client = await RawClient.connect(gateway.url, options);
    closers.push(() => {
      client.close();
    });
    return client;
  }

  async function scene(script: UpstreamScript, options: SceneOptions = {}): Promise<Scene> {
    const upstream = await upstreamOf(script, options.tls);
    const url = `${upstream.url}${options.base ?? ''}`;
    const gateway = await gatewayOf([backend(url, options.backend)], options.settings);
    return { upstream, gateway, client: (choice) => clientOf(gateway, choice) };
  }

  return { scene, upstreamOf, gatewayOf, gatewayWith, clientOf };
}
