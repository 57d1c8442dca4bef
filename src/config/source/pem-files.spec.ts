import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { readPemFiles } from './pem-files.js';

const AUTHORITY = rootCertificates[0] ?? '';
const KEY = newKey();
const CERT = selfSigned(KEY);

const files: Readonly<Record<string, string>> = {
  '/etc/app/ca.pem': AUTHORITY,
  '/etc/app/cert.pem': CERT,
  '/etc/app/key.pem': KEY,
  '/etc/app/other-key.pem': newKey(),
  '/etc/app/text': 'sentinel',
};

function read(plain: unknown) {
  const { texts, faults } = readPemFiles(plain, '/etc/app', (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
    return text;
  });
  return { texts: Object.fromEntries(texts), faults };
}

const tls = (cert: string, key: string) => ({ settings: { tls: { cert, key } } });

describe('readPemFiles', () => {
  it('reads every file that is named, relative to the folder of the configuration', () => {
    const backends = { primary_backends: [{ ca: '' }, { ca: 'ca.pem' }] };
    expect(read({ ...backends, ...tls('cert.pem', '/etc/app/key.pem') })).toEqual({
      texts: {
        'primary_backends[1].ca': AUTHORITY,
        'settings.tls.cert': CERT,
        'settings.tls.key': KEY,
      },
      faults: [],
    });
  });

  it.each<[unknown, object[]]>([
    [
      { primary_backends: [{ ca: 'none' }] },
      [
        {
          path: 'primary_backends[0].ca',
          message: 'the file cannot be read: there is no such file',
        },
      ],
    ],
    [
      { primary_backends: [{ ca: 'text' }] },
      [{ path: 'primary_backends[0].ca', message: 'the file is no PEM certificate' }],
    ],
    [
      tls('text', 'key.pem'),
      [{ path: 'settings.tls.cert', message: 'the file is no PEM certificate' }],
    ],
    [
      tls('cert.pem', 'other-key.pem'),
      [
        {
          path: 'settings.tls.key',
          message: 'the file is not the PEM key of settings.tls.cert',
        },
      ],
    ],
    [
      tls('cert.pem', 'text'),
      [
        {
          path: 'settings.tls.key',
          message: 'the file is not the PEM key of settings.tls.cert',
        },
      ],
    ],
  ])('faults %j by the path of the key', (plain, faults) => {
    expect(read(plain).faults).toEqual(faults);
  });

  it.each([null, [], 'x', { primary_backends: { ca: 'none' } }, { settings: [] }, tls('', '')])(
    'finds nothing to read in %j',
    (plain) => {
      expect(read(plain)).toEqual({ texts: {}, faults: [] });
    },
  );
});

function newKey(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}

/** The shortest certificate that OpenSSL takes (RFC 5280 §4.1), DER written by hand. */
function selfSigned(keyPem: string): string {
  const ecdsaWithSha256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
  const noName = der(0x30);
  const validity = der(0x30, utcTime('250101000000Z'), utcTime('491231235959Z'));
  const publicKey = createPublicKey(keyPem).export({ type: 'spki', format: 'der' });
  const serial = der(0x02, Buffer.from([1]));
  const unsigned = der(0x30, serial, ecdsaWithSha256, noName, validity, noName, publicKey);
  const signature = sign('sha256', unsigned, createPrivateKey(keyPem));
  const bits = der(0x03, Buffer.from([0]), signature);
  const base64 = der(0x30, unsigned, ecdsaWithSha256, bits).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

function utcTime(text: string): Buffer {
  return der(0x17, Buffer.from(text));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
