/** `2026-11-20T09:14:00Z`: whole seconds, the form that botocore and the SDKs all read. */
export function expirationText(expiration: Date): string {
  return expiration.toISOString().replace(/\.\d{3}Z$/, 'Z')
}
