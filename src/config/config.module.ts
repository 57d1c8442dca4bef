import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ConfigModule as NestConfigModule, getConfigToken, registerAs } from '@nestjs/config';
import { ConfigStore } from './config-store.js';
import { ConfigReload } from './reload/config-reload.js';
import { type SluiceConfig } from './typed/sluice-config.js';

/** Injection token of the {@link SluiceConfig} of the start, for what only a restart changes. */
export const SLUICE_CONFIG = Symbol('SLUICE_CONFIG');

const NAMESPACE = 'sluice';

/**
 * Gives the configuration to every module: the one in force by {@link ConfigStore}, that of the start
 * by {@link SLUICE_CONFIG} and by path through Nest's `ConfigService`
 * (`get('sluice.settings.listen.port')`).
 */
@Global()
@Module({})
export class ConfigModule {
  /** `config` as `loadConfig` made it; the environment and `.env` are not read a second time. */
  static async forRoot(config: SluiceConfig): Promise<DynamicModule> {
    const namespace = registerAs(NAMESPACE, () => config);
    const nestConfig = await NestConfigModule.forRoot({
      ignoreEnvFile: true,
      ignoreEnvVars: true,
      skipProcessEnv: true,
      load: [namespace],
    });
    return {
      module: ConfigModule,
      imports: [nestConfig],
      providers: [
        { provide: SLUICE_CONFIG, useExisting: getConfigToken(NAMESPACE) },
        { provide: ConfigStore, useValue: new ConfigStore(config) },
        ConfigReload,
      ],
      exports: [SLUICE_CONFIG, ConfigStore, ConfigReload, NestConfigModule],
    };
  }
}
