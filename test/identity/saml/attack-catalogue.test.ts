import { describe, expect, test } from 'vitest'
import { refusals } from '../../../src/identity/saml/saml-refusal.ts'
import { attackCatalogue } from '../../support/saml/attack-catalogue.ts'
import { type AttackCase, flavours, type Kit, makeKit } from '../../support/saml/attack-kit.ts'
import { profileTarget } from '../../support/saml/core-target.ts'
import type { Outcome } from '../../support/saml/saml-target.ts'

const rows = attackCatalogue.flatMap((attack) =>
  (attack.flavours ?? flavours).map((flavour) => ({ ...attack, flavour })),
)

async function run(kit: Kit, make: AttackCase['attack']): Promise<Outcome> {
  const made = await make(kit)
  return typeof made === 'string' ? kit.post(made) : made
}

/** Without a twin of their own, cases share the genuine response of their flavour and set-up. */
const shared = new Map<string, Promise<Outcome>>()

async function genuine({ twin, flavour, profile = 'plain' }: (typeof rows)[number]) {
  const signIn = async () =>
    run(await makeKit(profileTarget(profile), flavour), twin ?? ((kit) => kit.seal()))
  if (twin) return signIn()
  const key = `${profile} ${flavour}`
  const outcome = shared.get(key) ?? signIn()
  shared.set(key, outcome)
  return outcome
}

describe('the attack catalogue', () => {
  test.each(rows)(
    '$family: $name (signed: $flavour) is refused as $code, and its twin signs in',
    async (row) => {
      const { attack, code, flavour, profile = 'plain' } = row
      expect(await genuine(row)).toMatchObject({ outcome: 'signed-in' })
      const outcome = await run(await makeKit(profileTarget(profile), flavour), attack)
      expect(outcome).toMatchObject({ outcome: 'refused', code })
    },
  )

  test('every refusal has a case that produces it', () => {
    const produced = new Set(attackCatalogue.map(({ code }) => code))
    expect(Object.keys(refusals).filter((code) => !produced.has(code))).toEqual([])
  })

  test('the browser reads the same whatever was refused', async () => {
    const messages = new Set<string>()
    for (const { attack, flavour, profile = 'plain' } of rows.filter((_, i) => i % 25 === 0)) {
      const outcome = await run(await makeKit(profileTarget(profile), flavour), attack)
      if (outcome.outcome === 'refused') messages.add(outcome.message)
    }
    expect(messages.size).toBe(1)
  })
})
