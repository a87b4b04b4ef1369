import { describe, expect, test } from 'vitest'
import { attackRows, runAttack, runTwin } from '../../support/saml/attack-rows.ts'
import { profileWeb, webTarget } from '../../support/saml/web-target.ts'

describe('the attack catalogue over HTTP', () => {
  test.each(attackRows)(
    '$family: $name (signed: $flavour) is refused as $code, and its twin signs in',
    async (row) => {
      const web = await profileWeb(row.profile ?? 'plain')
      const target = webTarget(web)
      expect(await runTwin(target, row)).toMatchObject({ outcome: 'signed-in' })
      const outcome = await runAttack(target, row)
      expect(outcome).toMatchObject({ outcome: 'refused', code: row.code })
      expect(web.samlRefusals.at(-1)).toBe(`corp ${row.code}`)
    },
  )

  test('the browser reads the same page whatever was refused', async () => {
    const pages = new Set<string>()
    for (const row of attackRows.filter((_, index) => index % 25 === 0)) {
      const web = await profileWeb(row.profile ?? 'plain')
      const outcome = await runAttack(webTarget(web), row)
      if (outcome.outcome === 'refused') pages.add(outcome.message)
    }
    expect(pages.size).toBe(1)
  })
})
