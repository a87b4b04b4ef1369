import { describe, expect, test } from 'vitest'
import { flavours, makeKit } from '../../support/saml/attack-kit.ts'
import { coreTarget } from '../../support/saml/core-target.ts'

describe('a genuine response', () => {
  test.each(flavours)('signs in, signed as %s', async (flavour) => {
    const kit = await makeKit(coreTarget(), flavour)
    expect(await kit.post(kit.seal())).toEqual({
      outcome: 'signed-in',
      person: 'alice@corp.example',
    })
  })

  test.each(flavours)('signs in encrypted, signed as %s', async (flavour) => {
    const kit = await makeKit(coreTarget(), flavour)
    expect(await kit.post(await kit.sealEncrypted())).toEqual({
      outcome: 'signed-in',
      person: 'alice@corp.example',
    })
  })
})
