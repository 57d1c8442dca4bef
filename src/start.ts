import { Logger } from '@nestjs/common';
import { loadConfig } from './config/load-config.js';
import { ConfigReload } from './config/reload/config-reload.js';
import { type Hangups } from './config/reload/hangups.js';
import { reportFaults } from './config/report-faults.js';
import { formatAddress } from './config/typed/listen-address.js';
import { type SluiceConfig } from './config/typed/sluice-config.js';
import { DrainService } from './health/drain.service.js';
import { listenFailure } from './listener/listen-failure.js';
import { LOGGER } from './logging/logger.js';
import { exitOnUncaught } from './logging/uncaught.js';
import { createServer, type SluiceServer } from './server.js';

/**
 * Serves the configuration until a signal ends it.
 *
 * @param hangups - each has the configuration read anew, as soon as there is one to replace
 */
export async function start(hangups: Hangups): Promise<void> {
  const config = configOrFaults();
  if (config === null) return;
  const server = await createServer(config);
  exitOnUncaught(server.app.get(LOGGER));
  server.app.get(DrainService).onSignals({
    close: () => server.close(),
    exit: (code) => process.exit(code),
  });
  const url = await urlOrFaults(server, config);
  if (url === null) return;
  const logger = new Logger('Sluice');
  for (const warning of config.warnings) logger.warn(warning);
  const reload = server.app.get(ConfigReload);
  reload.watch();
  const backends = [...config.backends, ...config.fallbackBackends].map(({ name }) => name);
  logger.log({ msg: 'listening', listen: boundTo(server), url, backends });
  hangups.follow(() => {
    reload.reload();
  });
}

/** `host:port` as the system has it; of every interface the URL tells but one. */
function boundTo({ app }: SluiceServer): string | null {
  const address = app.getHttpServer().address();
  if (address === null || typeof address === 'string') return address;
  return formatAddress({ host: address.address, port: address.port });
}

/** Null when a file that the configuration names turned out to be broken, or nothing can listen. */
async function urlOrFaults(
  server: SluiceServer,
  { settings }: SluiceConfig,
): Promise<string | null> {
  try {
    return await server.listen();
  } catch (error) {
    const failure = listenFailure(error, settings.listen);
    if (failure === null) reportFaults(error);
    else {
      process.stderr.write(`${failure}\n`);
      process.exitCode = 1;
    }
    await server.close();
    return null;
  }
}

function configOrFaults(): SluiceConfig | null {
  try {
    return loadConfig();
  } catch (error) {
    reportFaults(error);
    return null;
  }
}
