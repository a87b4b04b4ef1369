import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { startSandbox } from '../../sandbox/sandbox.ts'
import type { PolicyJson, World } from '../../sandbox/world/world.ts'
import { runAdmin } from '../../src/admin/command-line.ts'
import { base, faultLines } from '../config/configuration.ts'
import { issue } from '../keys/test-certificates.ts'
import { assume, keysOf, refusalOf } from '../sandbox/sdk.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const { certificatePem, keyPem } = issue()
const files = { 'tls/certificate.pem': certificatePem, 'tls/key.pem': keyPem }

/** The blocks of that language, in their order. */
function blocks(path: string, language: string): readonly string[] {
  return [...read(path).matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  )
}

describe('what the docs show', () => {
  test('as a whole configuration has no fault', () => {
    const whole = blocks('README.md', 'yaml').filter((text) => text.includes('publicUrl'))
    expect(whole).toHaveLength(1)
    for (const text of whole) expect(faultLines(text, { files })).toEqual([])
  })

  test('as a first configuration has none, once it has a hash', () => {
    const hash = /passwordHash: (\S+)/.exec(read('README.md'))?.[1] ?? ''
    const [first = ''] = blocks('docs/configuration.md', 'yaml')
    expect(first).toContain("'$argon2id$...'")
    expect(faultLines(first.replace('$argon2id$...', () => hash))).toEqual([])
  })

  test('names scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: object }
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name),
    )
    expect(named).not.toEqual([])
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  test.each(pages)('names files that there are: %s', (page) => {
    const named = [
      ...read(page).matchAll(/`((?:bin|docs|examples|public|scripts|src|views)\/[\w./-]+)`/g),
    ].map(([, path = '']) => path)
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  test('as a part of one has none either', () => {
    const surroundings = { files: { 'keys/pin': 'token-pin' } }
    for (const page of ['docs/administration.md', 'docs/issuers.md']) {
      const shown = blocks(page, 'yaml')
      expect(shown, page).not.toEqual([])
      for (const text of shown)
        expect(faultLines({ ...base, ...(parse(text) as object) }, surroundings), text).toEqual([])
    }
  })

  test('names every command of postern-server', async () => {
    const lines: string[] = []
    await runAdmin(['help'], { stdout: (text) => lines.push(text), stderr: () => undefined }, {})
    const commands = lines.join('\n').matchAll(/^ {2}([a-z][a-z-]+) {2,}\S/gm)
    const names = [...commands].map(([, name]) => name)
    expect(names).toContain('check-config')
    for (const name of names.filter((name) => name !== 'help' && name !== 'version')) {
      expect(read('README.md')).toContain(`postern-server ${name}`)
    }
  })
})

describe('the policies of the administration guide', () => {
  const [ofBase, ofRole] = blocks('docs/administration.md', 'json').map(
    (text) => JSON.parse(text) as PolicyJson,
  )
  const baseArn = 'arn:aws:iam::999999999999:role/postern'
  const RoleArn = 'arn:aws:iam::111111111111:role/ReadOnly'
  const everything = {
    RoleArn,
    ExternalId: 'postern-7b1f0c52',
    SourceIdentity: 'bob',
    Tags: [{ Key: 'Team', Value: 'red' }],
  }

  function worldWith(trustPolicy: PolicyJson, policy: PolicyJson): World {
    const role = { maxSessionDuration: 43_200, roleId: 'AROA00000000000000001' }
    const trust = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'ec2.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    }
    const postern = { ...role, name: 'postern', trustPolicy: trust, policies: [policy] }
    const readOnly = { ...role, name: 'ReadOnly', roleId: 'AROA00000000000000002', trustPolicy }
    return {
      accounts: [
        { id: '999999999999', roles: [postern] },
        { id: '111111111111', roles: [readOnly] },
      ],
    }
  }

  async function assumed(trust: PolicyJson, policy: PolicyJson, input: typeof everything) {
    await using sandbox = await startSandbox({ world: worldWith(trust, policy) })
    const { accessKeyId, secretAccessKey, sessionToken } =
      sandbox.instanceProfileCredentials(baseArn)
    return await assume(
      sandbox.url,
      { ...input, DurationSeconds: 14_400 },
      { accessKeyId, secretAccessKey, sessionToken },
    )
  }

  test('let Postern assume the role with tags, source identity and external ID', async () => {
    const answer = await assumed(ofRole ?? {}, ofBase ?? {}, everything)
    expect(keysOf(answer).accessKeyId).toMatch(/^ASIA/)
  })

  test('need each of their actions, and the external ID', async () => {
    for (const action of ['sts:TagSession', 'sts:SetSourceIdentity']) {
      const without = (policy: PolicyJson | undefined): PolicyJson =>
        JSON.parse(JSON.stringify(policy).replace(`,"${action}"`, '')) as PolicyJson
      const lacksTrust = assumed(without(ofRole), ofBase ?? {}, everything)
      expect(await refusalOf(lacksTrust)).toContain(action)
      const lacksPolicy = assumed(ofRole ?? {}, without(ofBase), everything)
      expect(await refusalOf(lacksPolicy)).toContain(action)
    }
    const stranger = assumed(ofRole ?? {}, ofBase ?? {}, { ...everything, ExternalId: 'another' })
    expect(await refusalOf(stranger)).toContain('sts:AssumeRole')
  })
})

describe('links', () => {
  test.each(pages)('of %s lead somewhere', (page) => {
    const text = read(page).replaceAll(/```[^]*?```/g, '')
    const links = [
      ...text.matchAll(/\]\(([^)\s]+)\)/g),
      ...text.matchAll(/(?:src|srcset)="([^"]+)"/g),
    ].map(([, link = '']) => link)
    for (const link of links.filter((link) => !/^(https?|mailto):/.test(link))) {
      const [path = '', anchor] = link.split('#')
      const file = path === '' ? join(root, page) : join(root, dirname(page), path)
      expect(existsSync(file), `${page}: ${link}`).toBe(true)
      if (anchor === undefined) continue
      const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)
      const anchors = [...headings].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N} -]/gu, '')
          .replaceAll(' ', '-'),
      )
      expect(anchors, `${page}: ${link}`).toContain(anchor)
    }
  })

  test('use every picture, and all together are small', () => {
    const folder = join(root, 'docs', 'images')
    const pictures = readdirSync(folder)
    const used = read('docs/pages.md')
    expect(pictures.filter((name) => !used.includes(`images/${name}`))).toEqual([])
    const bytes = pictures.map((name) => statSync(join(folder, name)).size)
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000)
  })
})
