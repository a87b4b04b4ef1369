import { z } from 'zod'

/** Where a sign-in of the command line comes from: its own words, and the address that we saw. */
export interface TerminalFacts {
  readonly host: string | undefined
  readonly user: string | undefined
  readonly system: string | undefined
  readonly address: string
}

/** What an authorization code is bound to (RFC 7636 §4.4, RFC 6749 §4.1.3). */
export interface CodeBinding {
  readonly challenge: string
  readonly redirectUri: string
}

const facts = z
  .object({
    host: z.string().optional(),
    user: z.string().optional(),
    system: z.string().optional(),
    address: z.string(),
  })
  .transform(({ host, user, system, address }): TerminalFacts => ({ host, user, system, address }))

const binding = z.object({ challenge: z.string(), redirectUri: z.string() })

/** Throws on what this version has not written. */
export function readTerminalFacts(text: string): TerminalFacts {
  return facts.parse(JSON.parse(text))
}

export function writeTerminalFacts(of: TerminalFacts, boundTo?: CodeBinding): string {
  return JSON.stringify({ ...of, ...boundTo })
}

/** Undefined for a device code, which is bound to nothing. */
export function readCodeBinding(text: string): CodeBinding | undefined {
  return binding.safeParse(JSON.parse(text)).data
}
