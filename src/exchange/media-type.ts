const JSON_TYPE = /^application\/(?:[^;]*\+)?json\s*(?:;|$)/i;

/** Whether a `Content-Type` names JSON, or a format made of it (RFC 6839 §3.1). */
export function isJsonType(contentType: string | null): boolean {
  return JSON_TYPE.test(contentType ?? '');
}
