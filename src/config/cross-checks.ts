import { certificateFaults } from './checks/certificate-checks.ts'
import { directoryFaults } from './checks/directory-checks.ts'
import { endpointFaults } from './checks/endpoint-checks.ts'
import { grantFaults } from './checks/grant-checks.ts'
import { kerberosFaults } from './checks/kerberos-checks.ts'
import { passingOnFaults } from './checks/passing-on-checks.ts'
import { roleFaults } from './checks/role-checks.ts'
import { samlFaults } from './checks/saml-checks.ts'
import { signInFaults } from './checks/sign-in-checks.ts'
import type { PathFault } from './issue-faults.ts'
import type { Readable } from './readable.ts'

/** Faults that show only between entries: names that lead nowhere or stand twice, limits that contradict. */
export function crossFaults(parts: Readable): readonly PathFault[] {
  return [
    ...signInFaults(parts),
    ...samlFaults(parts),
    ...directoryFaults(parts),
    ...kerberosFaults(parts),
    ...certificateFaults(parts),
    ...passingOnFaults(parts),
    ...endpointFaults(parts),
    ...roleFaults(parts),
    ...grantFaults(parts),
  ]
}
