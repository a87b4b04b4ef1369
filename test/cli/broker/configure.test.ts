import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { offered, readOnly } from '../../support/fake-broker.ts'
import { parsed } from '../cli-lab.ts'
import { type FakeBrokerLab, brokerLab } from './broker-lab.ts'

const admin = 'arn:aws-cn:iam::222222222222:role/team/Admin'

async function signedIn(): Promise<FakeBrokerLab> {
  const lab = await brokerLab()
  lab.broker.roles = [offered(readOnly, 'Corp Production (EU)', 'eu-west-1'), offered(admin, 'Dev')]
  await lab.login()
  return lab
}

function config(lab: FakeBrokerLab): string {
  return readFileSync(`${lab.home}/.aws/config`, 'utf8')
}

describe('configure', () => {
  test('writes a profile for each role, named for account and role', async () => {
    const lab = await signedIn()
    const { code, stdout } = await lab.run(['configure'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Corp-Production-EU-ReadOnly  ${readOnly}\n`)
    const main = new URL('../../../src/cli/main.ts', import.meta.url).pathname
    const start = `${process.execPath} ${main} credential-process --broker ${lab.broker.origin}`
    expect(config(lab)).toBe(
      `[profile Corp-Production-EU-ReadOnly]\ncredential_process = ${start} --role ${readOnly}\n` +
        `region = eu-west-1\n\n[profile Dev-Admin]\ncredential_process = ${start} --role ${admin}\n`,
    )
  })

  test('names the program itself, not a link in the cache of npx', async () => {
    const lab = await signedIn()
    const main = lab.program
    lab.program = join(lab.home, '_npx/1/node_modules/.bin/postern')
    mkdirSync(dirname(lab.program), { recursive: true })
    symlinkSync(main, lab.program)
    const { code, stderr } = await lab.run(['configure', 'Dev'])
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('Warning')])
    expect(config(lab)).toContain(
      `credential_process = ${process.execPath} ${main} credential-process`,
    )
  })

  test('warns once where the program itself lies in the cache of npx', async () => {
    const lab = await signedIn()
    lab.program = lab.file('_npx/1/postern.mjs', `import ${JSON.stringify(lab.program)}`)
    const { code, stderr } = await lab.run(['configure'])
    expect(code).toBe(0)
    expect(stderr.split(`Warning: what is written names ${lab.program}`)).toHaveLength(2)
  })

  test('can run again, and leaves every other byte as it is', async () => {
    const lab = await signedIn()
    const mine = '# mine\r\n[default]\r\nregion = us-east-1\r\n\r\n[profile x]\r\nrole_arn = y\r\n'
    lab.file('.aws/config', mine)
    await lab.run(['configure', 'Dev'])
    const once = config(lab)
    expect(once.startsWith(mine)).toBe(true)
    lab.file(
      '.aws/config',
      once.replace('[profile Dev-Admin]', '[profile Dev-Admin]\r\nregion = z'),
    )
    const twice = config(lab)
    await lab.run(['configure', 'Dev'])
    expect(config(lab)).toBe(twice)
  })

  test('replaces no profile of somebody else, unless it is told to', async () => {
    const lab = await signedIn()
    const mine = '[profile Dev-Admin]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = default\n'
    lab.file('.aws/config', mine)
    const { code, stdout, stderr } = await lab.run(['configure'])
    expect([code, stdout, config(lab)]).toEqual([1, '', mine])
    expect(stderr).toContain('Dev-Admin')
    expect((await lab.run(['configure', '--force'])).code).toBe(0)
    expect(config(lab)).toContain('credential_process')
  })

  test('takes a name of your own for one role, in the form of a profile name', async () => {
    const lab = await signedIn()
    const named = await lab.run(['configure', 'Dev', '--profile', 'dev', '--json'])
    expect(parsed(named.stdout)).toMatchObject({ profiles: [{ name: 'dev', role: admin }] })
    for (const name of ['a b', 'x]\n[default', '../x', 'x'.repeat(65)]) {
      expect((await lab.run(['configure', 'Dev', '--profile', name])).code).toBe(1)
    }
    expect((await lab.run(['configure', '--profile', 'both'])).stderr).toContain('one role')
    expect(config(lab).match(/^\[/gm)).toHaveLength(1)
  })

  test('keeps roles apart whose accounts have the same name', async () => {
    const lab = await signedIn()
    const other = 'arn:aws:iam::333333333333:role/ReadOnly'
    lab.broker.roles = [offered(readOnly, 'Prod'), offered(other, 'prod!')]
    const { stdout } = await lab.run(['configure', '--json'])
    expect(parsed(stdout)['profiles']).toEqual([
      { name: '111111111111-ReadOnly', role: readOnly },
      { name: '333333333333-ReadOnly', role: other },
    ])
  })

  test('warns of keys that hide the profile', async () => {
    const lab = await signedIn()
    lab.file('.aws/credentials', '[Dev-Admin]\naws_access_key_id = AKIA\n')
    expect((await lab.run(['configure'])).stderr).toContain('keys of the profile Dev-Admin')
  })

  test('gives the aws command a profile that works', async () => {
    const lab = await signedIn()
    await lab.run(['configure', readOnly, '--profile', 'reader'])
    const { stdout } = await promisify(execFile)(
      'aws',
      ['configure', 'export-credentials', '--profile', 'reader'],
      { env: { ...lab.env, HOME: lab.home } },
    ).catch(async (error: unknown) => {
      // Version 1 has no such command; botocore shows the same.
      if (!String(error).includes('export-credentials')) throw error
      const program =
        "import botocore.session as s; c = s.Session(profile='reader').get_credentials().get_frozen_credentials(); print('{\"AccessKeyId\": \"' + c.access_key + '\"}')"
      return promisify(execFile)('python3', ['-c', program], { env: lab.env })
    })
    expect(parsed(stdout)['AccessKeyId']).toMatch(/^ASIAFAKE/)
  })
})
