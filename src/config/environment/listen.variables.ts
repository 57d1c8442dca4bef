import { type ConfigFault } from '../config-error.js';
import { readAddress } from '../typed/listen-address.js';
import { contradictions } from './contradictions.js';
import { type Environment } from './environment.js';
import { readPortVariable } from './numbers.js';

/** What `LISTEN_ADDR` (`host` or `host:port`), `LISTEN_PORT` and `PORT` say together. */
export function readListenOverride(environment: Environment): {
  readonly host: string | null;
  readonly port: number | null;
  readonly faults: readonly ConfigFault[];
} {
  const text = environment.get('LISTEN_ADDR');
  const address = text === undefined ? null : readAddress(text);
  const listenPort = readPortVariable(environment, 'LISTEN_PORT');
  const port = readPortVariable(environment, 'PORT');
  const ports = [
    { name: 'LISTEN_ADDR', meaning: address?.port ?? null },
    { name: 'LISTEN_PORT', meaning: listenPort.port },
    { name: 'PORT', meaning: port.port },
  ];
  return {
    host: address?.host ?? null,
    port: address?.port ?? listenPort.port ?? port.port,
    faults: [
      ...(text !== undefined && address === null ? [ADDRESS_FAULT] : []),
      ...listenPort.faults,
      ...port.faults,
      ...contradictions(ports, 'they name different ports'),
    ],
  };
}

const ADDRESS_FAULT: ConfigFault = {
  path: 'LISTEN_ADDR',
  message: 'must be a host or host:port, such as 127.0.0.1:8080 or [::1]:8080',
};
