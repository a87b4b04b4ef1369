import type { AttackCase, Kit } from '../attack-kit.ts'
import { confirmationDataElement, type ResponsePlan } from '../saml-response.ts'

/** A response that the provider signed, and in which only what it says is wrong. */
export interface MeaningRow {
  readonly name: string
  readonly code: string
  readonly plan: (kit: Kit) => Partial<ResponsePlan>
  readonly twin?: (kit: Kit) => Partial<ResponsePlan>
  readonly profile?: AttackCase['profile']
  /** The library itself stumbles over it, where it can look inside before us. */
  readonly stumbles?: true
}

export const meaning = 'meaning'

/** The attacks of these rows, each in the clear and where only the library can look inside before us. */
export function meaningAttacks(rows: readonly MeaningRow[]): AttackCase[] {
  return [...rows.map(inTheClear), ...rows.map(encrypted)]
}

function inTheClear({ name, code, plan, twin, profile }: MeaningRow): AttackCase {
  return {
    family: meaning,
    name,
    code,
    ...(profile && { profile }),
    attack: (kit) => kit.seal(plan(kit)),
    ...(twin && { twin: (kit: Kit) => kit.seal(twin(kit)) }),
  }
}

function encrypted({ name, code, stumbles, plan, twin, profile }: MeaningRow): AttackCase {
  return {
    family: 'meaning, encrypted',
    name,
    code,
    ...(stumbles && { flavours: ['assertion'] as const }),
    ...(profile && { profile }),
    attack: (kit) => kit.sealEncrypted(plan(kit)),
    twin: (kit: Kit) => (twin ? kit.sealEncrypted(twin(kit)) : kit.seal()),
  }
}

/** The moment so many seconds from the target's now. */
export function after(kit: Kit, seconds: number): string {
  return new Date(kit.target.now() + seconds * 1000).toISOString()
}

/** A confirmation whose data differ so. */
export function withData(kit: Kit, plan: Partial<ResponsePlan>, more = ''): Partial<ResponsePlan> {
  return { confirmationData: confirmationDataElement({ ...kit.plan, ...plan }, more) }
}
