import { describe, expect, test } from 'vitest'
import { runAdmin } from '../../src/admin/command-line.ts'
import { base, readOnly } from '../config/configuration.ts'
import { capturedIo } from './captured-io.ts'
import { configFile } from './config-file.ts'

describe('check-config', () => {
  test('says that a configuration is in order, and what is in it', async () => {
    const path = configFile(base)
    const { io, out, err } = capturedIo()
    expect(await runAdmin(['check-config'], io, { POSTERN_CONFIG: path })).toBe(0)
    expect(out).toEqual([
      `${path} is in order: 1 sign-in method, 1 issuer, 1 account, 1 role, 1 grant.`,
    ])
    expect(err).toEqual([])
  })

  test.each([['as argument'], ['as flag']])(
    'takes a file %s before the variable’s',
    async (how) => {
      const path = configFile(base)
      const { io, text } = capturedIo()
      const argv = how === 'as flag' ? ['--config', path] : [path]
      expect(await runAdmin(['check-config', ...argv], io, { POSTERN_CONFIG: '/nowhere' })).toBe(0)
      expect(text()).toContain('in order')
    },
  )

  test('lists every fault on standard error', async () => {
    const path = configFile({ ...base, publicUrl: 'x', bogus: 1, roles: [{ arn: 'y' }] })
    const { io, out, errors } = capturedIo()
    expect(await runAdmin(['check-config', path], io, {})).toBe(1)
    expect(out).toEqual([])
    for (const where of ['publicUrl', 'bogus', 'roles[0].arn', 'grants[0].roles[0]'])
      expect(errors()).toContain(where)
    expect(errors()).toContain('4 faults')
  })

  test('says that there is no such file', async () => {
    const { io, errors } = capturedIo()
    expect(await runAdmin(['check-config', '/nowhere/postern.yaml'], io, {})).toBe(1)
    expect(errors()).toContain('does not exist')
  })

  test('notes what leads nowhere', async () => {
    const path = configFile({
      ...base,
      issuers: { ...base.issuers, spare: { type: 'assume-role' } },
      accounts: { ...base.accounts, '222222222222': { name: 'Empty' } },
      roles: [{ arn: readOnly, issuer: 'hub' }],
      grants: [],
    })
    const { io, out } = capturedIo()
    expect(await runAdmin(['check-config', path], io, {})).toBe(0)
    expect(out.slice(1)).toEqual([
      `Note: no grant names the role ${readOnly}.`,
      'Note: no role uses the issuer spare.',
      'Note: no role is in the account 222222222222.',
    ])
  })
})
