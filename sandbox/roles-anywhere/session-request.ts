import { z } from 'zod'
import type { SandboxRequest } from '../http/request.ts'
import { invalid } from './refusal.ts'

/** The parameters of CreateSession. */
export interface SessionRequest {
  readonly trustAnchorArn: string
  readonly profileArn: string
  readonly roleArn: string
  readonly durationSeconds: number | undefined
  readonly roleSessionName: string | undefined
}

// Whatever else stands in it is ignored: instanceProperties, the deprecated sessionName, what comes tomorrow.
const body = z.object({
  trustAnchorArn: z.string().nullish(),
  profileArn: z.string().nullish(),
  roleArn: z.string().nullish(),
  durationSeconds: z.number().int().nullish(),
  roleSessionName: z.string().nullish(),
})

const RESOURCE = /^arn:aws(?:-[^:]+)?:rolesanywhere:[^:]+:\d{12}:/

/** Reads query and body; the ARNs may stand in either. Throws ValidationException for all faults in one. */
export function readSessionRequest(request: SandboxRequest): SessionRequest {
  const parsed = body.safeParse(readJson(request.body))
  if (!parsed.success || request.form.malformed || request.form.duplicate !== undefined) {
    throw invalid("The request can't be read")
  }
  const { data } = parsed
  const faults: string[] = []
  const arn = (name: 'trustAnchorArn' | 'profileArn' | 'roleArn', pattern: RegExp): string => {
    const [inQuery, inBody] = [request.form.values.get(name), data[name] ?? undefined]
    const value = inQuery ?? inBody
    if (value === undefined) faults.push(fault('null', name, 'Member must not be null'))
    // AWS does not document what it makes of two that differ.
    else if ((inBody ?? value) !== value || !pattern.test(value)) {
      faults.push(fault(`'${value}'`, name, 'Member must satisfy regular expression pattern'))
    }
    return value ?? ''
  }
  const read = {
    trustAnchorArn: arn('trustAnchorArn', new RegExp(`${RESOURCE.source}trust-anchor/.+$`)),
    profileArn: arn('profileArn', new RegExp(`${RESOURCE.source}profile/.+$`)),
    roleArn: arn('roleArn', /^arn:aws(?:-[^:]+)?:iam(?::.*){2}(?::role.*)$/),
    durationSeconds: data.durationSeconds ?? undefined,
    roleSessionName: data.roleSessionName ?? undefined,
  }
  faults.push(...optionalFaults(read))
  if (faults.length > 0) {
    const noun = faults.length === 1 ? 'validation error' : 'validation errors'
    throw invalid(`${faults.length} ${noun} detected: ${faults.join('; ')}`)
  }
  return read
}

function optionalFaults(
  read: Pick<SessionRequest, 'durationSeconds' | 'roleSessionName'>,
): string[] {
  const { durationSeconds: seconds, roleSessionName: name } = read
  const faults: string[] = []
  const duration = (constraint: string): void => {
    faults.push(
      fault(`'${seconds ?? ''}'`, 'durationSeconds', `Member must have value ${constraint}`),
    )
  }
  if (seconds !== undefined && seconds < 900) duration('greater than or equal to 900')
  if (seconds !== undefined && seconds > 43_200) duration('less than or equal to 43200')
  if (name !== undefined && !/^[\w+=,.@-]{2,64}$/.test(name)) {
    const constraint = String.raw`Member must satisfy regular expression pattern: [\w+=,.@-]{2,64}`
    faults.push(fault(`'${name}'`, 'roleSessionName', constraint))
  }
  return faults
}

function fault(value: string, name: string, constraint: string): string {
  return `Value ${value} at '${name}' failed to satisfy constraint: ${constraint}`
}

function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
