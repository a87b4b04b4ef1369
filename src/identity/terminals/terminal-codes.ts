import { type AuthorizationCodes, createAuthorizationCodes } from './authorization-codes.ts'
import { createDeviceCodes, type DeviceCodes } from './device-codes.ts'
import type { TerminalCodeParts } from './redeem-code.ts'

/** Both kinds of code that become a sign-in of the command line. */
export type TerminalCodes = AuthorizationCodes & DeviceCodes

export function createTerminalCodes(parts: TerminalCodeParts): TerminalCodes {
  return { ...createAuthorizationCodes(parts), ...createDeviceCodes(parts) }
}
