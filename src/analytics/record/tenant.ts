import { isTenantName } from '../../config/rules/tenant-names.js';
import { type TenantConfig } from '../../config/typed/analytics-config.js';
import { type HeaderSource } from './client-key.js';

/**
 * Who a request belongs to: the first configured header that names someone, else the name of the
 * key's fingerprint, else the fingerprint itself; null where there is none of them. A header longer
 * than a name may be, or with control characters in it, names nobody.
 */
export function tenantOf(
  request: HeaderSource,
  fingerprint: string | null,
  { headers, names }: TenantConfig,
): string | null {
  for (const header of headers) {
    const name = request.header(header)?.trim();
    if (name !== undefined && isTenantName(name)) return name;
  }
  return fingerprint === null ? null : (names.get(fingerprint) ?? fingerprint);
}
