import { isFieldName } from './header-fields.js';

/** Most characters of the name of a tenant. */
const MAX_TENANT_CHARS = 128;

/** Fields that hold keys: as the name of a tenant, one would be kept and shown. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  'api-key',
  'authorization',
  'cookie',
  'proxy-authorization',
  'x-api-key',
]);

/** What is wrong with a header that names the tenant; null when nothing is. */
export function tenantHeaderProblem(name: string): string | null {
  if (!isFieldName(name)) return 'is no name of a header';
  return CREDENTIALS.has(name.toLowerCase())
    ? 'holds a key, which must not be kept: without it tenants are told by the fingerprint'
    : null;
}

/** What is wrong with a name for a fingerprint; null when nothing is. */
export function namedTenantProblem(fingerprint: string, name: unknown): string | null {
  if (!/^[0-9a-f]{12}$/.test(fingerprint)) {
    return 'must be a fingerprint: 12 hexadecimal digits in lower case';
  }
  return typeof name === 'string' && isTenantName(name)
    ? null
    : `must have a name of 1 to ${MAX_TENANT_CHARS} characters, none of them a control character`;
}

/** Whether a text can be the name of a tenant in records. */
export function isTenantName(text: string): boolean {
  return text !== '' && text.length <= MAX_TENANT_CHARS && !CONTROL.test(text);
}

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
