import { describe, expect, test } from 'vitest'
import { base } from '../../config/configuration.ts'
import { configFile } from '../config-file.ts'

import { readOnly, place, setUp, run } from './setup-lab.ts'

describe('the command', () => {
  test('asks which account where there are several', async () => {
    const development = 'arn:aws:iam::222222222222:role/ReadOnly'
    const file = configFile({
      ...base,
      accounts: { '111111111111': { name: 'Production' }, '222222222222': { name: 'Development' } },
      roles: [{ arn: readOnly }, { arn: development }],
    })
    const all = await run('--config', file)
    expect(all.code).toBe(1)
    expect(all.errors()).toContain('--account: 111111111111, 222222222222')
    const one = await run('--account', '222222222222', '--config', file)
    expect(one.code).toBe(0)
    expect(one.text()).toContain('in the account 222222222222')
    expect(one.text()).not.toContain('RoleName: Admin')
  })

  test('puts a parameter in the place of a key that is not there, and says why', async () => {
    const file = setUp({ ...place, authority: { certificate: 'keys/none.pem' } })
    const { code, text, errors } = await run('--config', file)
    expect(code).toBe(0)
    expect(text()).toContain('OneAuthorityPem')
    expect(errors()).toContain("The file of the certificate can't be read.")
  })

  test('explains itself', async () => {
    expect((await run('--help')).text()).toContain('Usage: postern-server aws-setup')
    expect((await run('--nonsense')).code).toBe(2)
  })

  test('prints no private key', async () => {
    const file = setUp({ ...place, authority: { certificate: 'keys/ca.pem' } })
    const { text, errors } = await run('--config', file)
    expect(text() + errors()).not.toContain('PRIVATE KEY')
  })
})
