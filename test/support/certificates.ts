import { readFileSync } from 'node:fs';

const read = (name: string): string =>
  readFileSync(new URL(`certificates/${name}`, import.meta.url), 'utf8');

/** PEM texts of a private authority and of a server on 127.0.0.1 that it vouches for. */
export const CERTIFICATES = {
  ca: read('ca.pem'),
  cert: read('server.pem'),
  key: read('server.key'),
};

/** PEM texts of a server on 127.0.0.1 that vouches for itself, to take the place of the other. */
export const RENEWED = {
  ca: read('renewed.pem'),
  cert: read('renewed.pem'),
  key: read('renewed.key'),
};
