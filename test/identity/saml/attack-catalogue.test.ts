import { describe, expect, test } from 'vitest'
import { refusals } from '../../../src/identity/saml/saml-refusal.ts'
import { attackCatalogue } from '../../support/saml/attack-catalogue.ts'
import { type AttackRow, attackRows, runAttack, runTwin } from '../../support/saml/attack-rows.ts'
import { profileTarget } from '../../support/saml/core-target.ts'
import type { Outcome } from '../../support/saml/saml-target.ts'

/** Without a twin of their own, cases share the genuine response of their flavour and set-up. */
const shared = new Map<string, Promise<Outcome>>()

async function genuine(row: AttackRow) {
  const { twin, flavour, profile = 'plain' } = row
  const signIn = async () => runTwin(profileTarget(profile), row)
  if (twin) return signIn()
  const key = `${profile} ${flavour}`
  const outcome = shared.get(key) ?? signIn()
  shared.set(key, outcome)
  return outcome
}

describe('the attack catalogue', () => {
  test.each(attackRows)(
    '$family: $name (signed: $flavour) is refused as $code, and its twin signs in',
    async (row) => {
      const { code, profile = 'plain' } = row
      expect(await genuine(row)).toMatchObject({ outcome: 'signed-in' })
      const outcome = await runAttack(profileTarget(profile), row)
      expect(outcome).toMatchObject({ outcome: 'refused', code })
    },
  )

  test('every refusal has a case that produces it', () => {
    const produced = new Set(attackCatalogue.map(({ code }) => code))
    expect(Object.keys(refusals).filter((code) => !produced.has(code))).toEqual([])
  })

  test('the browser reads the same whatever was refused', async () => {
    const messages = new Set<string>()
    for (const row of attackRows.filter((_, i) => i % 25 === 0)) {
      const outcome = await runAttack(profileTarget(row.profile ?? 'plain'), row)
      if (outcome.outcome === 'refused') messages.add(outcome.message)
    }
    expect(messages.size).toBe(1)
  })
})
