import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getEncrypted } from 'node:https';
import { loadConfig } from '../config/load-config.js';
import { selfAddress } from './self-address.js';

const TIMEOUT_MS = 2000;

/**
 * The container's health check: asks the gateway that runs beside it with the same configuration
 * whether it is alive. Exit code 0 when it is, 1 when not.
 */
function check(address: string): void {
  const onReply = ({ statusCode }: IncomingMessage): void => {
    process.exit(statusCode === 200 ? 0 : 1);
  };
  const onError = ({ message }: Error): void => {
    process.stderr.write(`${address}: ${message}\n`);
    process.exit(1);
  };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const request = address.startsWith('https:')
    ? // The certificate names the public host; this stays on the machine and sends no secret.
      getEncrypted(address, { signal, rejectUnauthorized: false }, onReply)
    : getPlain(address, { signal }, onReply);
  request.on('error', onError);
}

check(selfAddress(loadConfig().settings));
