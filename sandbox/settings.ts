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
  POSTERN_SANDBOX_DIR: z.string().min(1).default('.sandbox'),
})

export interface SandboxSettings {
  readonly host: 'localhost' | '0.0.0.0'
  readonly awsPort: number
  readonly folder: string
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
  } = parsed.data
  return { host, awsPort, folder }
}
