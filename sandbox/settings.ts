import { z } from 'zod'

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'is not a port')
  .transform(Number)
  .refine((value) => value <= 65_535, 'is not a port')

const settings = z.object({
  POSTERN_SANDBOX_AWS_PORT: port.default(3001),
  POSTERN_SANDBOX_DIR: z.string().min(1).default('.sandbox'),
})

export interface SandboxSettings {
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
  const { POSTERN_SANDBOX_AWS_PORT: awsPort, POSTERN_SANDBOX_DIR: folder } = parsed.data
  return { awsPort, folder }
}
