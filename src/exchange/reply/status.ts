/** Whether a status says that the request succeeded (RFC 9110 §15.3); null is none. */
export function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
