import { attackCatalogue } from './attack-catalogue.ts'
import { type AttackCase, type Flavour, flavours, type Kit, makeKit } from './attack-kit.ts'
import type { Outcome, Target } from './saml-target.ts'

/** A case of the catalogue in one flavour. */
export interface AttackRow extends AttackCase {
  readonly flavour: Flavour
}

export const attackRows: readonly AttackRow[] = attackCatalogue.flatMap((attack) =>
  (attack.flavours ?? flavours).map((flavour) => ({ ...attack, flavour })),
)

/** What comes of the attack. */
export async function runAttack(target: Target, { flavour, attack }: AttackRow): Promise<Outcome> {
  return run(await makeKit(target, flavour), attack)
}

/** What comes of its positive twin. */
export async function runTwin(target: Target, { flavour, twin }: AttackRow): Promise<Outcome> {
  return run(await makeKit(target, flavour), twin ?? ((kit) => kit.seal()))
}

async function run(kit: Kit, make: AttackCase['attack']): Promise<Outcome> {
  const made = await make(kit)
  return typeof made === 'string' ? kit.post(made) : made
}
