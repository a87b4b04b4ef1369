import { type EndpointVariant, stsHost } from './sts-region.ts'

/** The part of the configuration that says where STS is. */
export interface StsSettings extends EndpointVariant {
  readonly endpoints: { readonly sts: string | undefined }
  readonly failOver: { readonly region: string; readonly sts: string | undefined } | undefined
}

/**
 * The address of STS in a region: the configured one, else AWS's own of the wanted variant; undefined for its plain one,
 * which the SDK knows by itself.
 */
export function stsAddress(
  { endpoints, failOver, fips, dualStack }: StsSettings,
  region: string,
): string | undefined {
  const configured = region === failOver?.region ? failOver.sts : endpoints.sts
  if (configured !== undefined || !(fips || dualStack)) return configured
  return `https://${stsHost(region, { fips, dualStack })}`
}
