import { z } from 'zod'

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'is not a port')
  .transform(Number)
  .refine((value) => value <= 65_535, 'is not a port')

const settings = z.object({
  // A container publishes no loopback address, so the image of the demo sets this.
  POSTERN_DEMO_HOST: z
    .enum(['localhost', '0.0.0.0'], 'is neither localhost nor 0.0.0.0')
    .default('localhost'),
  POSTERN_SANDBOX_AWS_PORT: port.default(3001),
  POSTERN_SANDBOX_IDP_PORT: port.default(3002),
  POSTERN_PORT: port.default(3000),
  POSTERN_SANDBOX_SP_METADATA: z.string().min(1).optional(),
  POSTERN_SANDBOX_PROVIDER_METADATA: z.string().min(1).optional(),
  POSTERN_SANDBOX_EXTRA_CA: z.string().min(1).optional(),
  POSTERN_SANDBOX_DIR: z.string().min(1).default('.sandbox'),
})

export interface SandboxSettings {
  readonly host: 'localhost' | '0.0.0.0'
  readonly awsPort: number
  readonly folder: string
  readonly idpPort: number
  /** Where the broker of the demo is. */
  readonly brokerUrl: string
  /** Files or addresses with the metadata of the service providers that the identity provider serves. */
  readonly spMetadata: readonly string[]
  /** File or address with the metadata of the provider that the broker plays towards AWS. */
  readonly providerMetadata: string
  /** PEM file of one more certificate authority for Roles Anywhere, where it exists. */
  readonly extraCa: string | undefined
}

/** Reads the sandbox's environment variables. Throws an Error that names each bad one. */
export function readSettings(environment: NodeJS.ProcessEnv): SandboxSettings {
  const parsed = settings.safeParse(environment)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
    throw new Error(faults.join('; '))
  }
  const {
    POSTERN_DEMO_HOST: host,
    POSTERN_SANDBOX_AWS_PORT: awsPort,
    POSTERN_SANDBOX_DIR: folder,
    POSTERN_SANDBOX_IDP_PORT: idpPort,
    POSTERN_SANDBOX_EXTRA_CA: extraCa,
  } = parsed.data
  const brokerUrl = `http://localhost:${parsed.data.POSTERN_PORT}`
  const {
    POSTERN_SANDBOX_SP_METADATA: spMetadata = `${brokerUrl}/saml/demo/metadata`,
    POSTERN_SANDBOX_PROVIDER_METADATA: providerMetadata = `${brokerUrl}/saml/aws/metadata`,
  } = parsed.data
  return {
    host,
    awsPort,
    folder,
    idpPort,
    brokerUrl,
    spMetadata: spMetadata.split(',').map((place) => place.trim()),
    providerMetadata,
    extraCa,
  }
}
