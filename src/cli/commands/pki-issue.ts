import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { CliFault } from '../cli-fault.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { endEntityCertificate } from '../pki/certificates.ts'
import { passwordIn } from '../keys/password-file.ts'
import { newSerial, validFor } from '../pki/dates.ts'
import { keyKinds, newKeyPair } from '../pki/key-kinds.ts'
import { writeNewFile } from '../pki/new-file.ts'
import { PkiFolder } from '../pki/pki-folder.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { commonName } from './pki-init.ts'

const endings = ['pem', 'key', 'p12']

/** Issues a certificate with a new key. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  const { effects, stderr } = surroundings
  const name = fileName(flags.words[0])
  const folder = new PkiFolder(flags.text('folder'), surroundings)
  const { authority, chain } = folder.issuer()
  const there = endings.map((ending) => folder.file('issued', `${name}.${ending}`)).find(existsSync)
  if (there) {
    throw new CliFault(
      `${there} is there already, and nothing is overwritten. Take another name, or move it away.`,
    )
  }
  const { from, to } = validFor(flags.integer('days'), effects)
  if (to > authority.certificate.validToDate) {
    throw new CliFault('The authority ends before that. Issue for fewer days.')
  }
  const password = flags.isOn('p12') ? await p12Password(flags, surroundings) : undefined
  const usage = flags.text('usage') === 'server' ? 'server' : 'client'
  const [organization, unit] = [flags.filled('organization'), flags.filled('unit')]
  const kind = keyKinds.find((one) => one === flags.text('key-type')) ?? 'ec-p256'
  const keys = await newKeyPair(kind, surroundings)
  const serial = newSerial(effects)
  const certificate = await endEntityCertificate(
    {
      subject: {
        ...(organization && { O: commonName(organization) }),
        ...(unit && { OU: commonName(unit) }),
        CN: commonName(flags.filled('common-name') ?? name),
      },
      serial,
      from,
      to,
      keys,
      usage,
      names: alternativeNames(flags, usage, name),
    },
    authority,
  )
  // Noted first: a certificate that nobody knows of could not be revoked.
  await folder.changeIndex((index) => ({
    ...index,
    certificates: [
      ...index.certificates,
      { name, serial: serial.toString('hex'), notAfter: to.toISOString() },
    ],
  }))
  const certificates = [certificate, ...chain]
  const path = (ending: string): string => folder.file('issued', `${name}.${ending}`)
  writeNewFile(path('key'), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    secret: true,
  })
  writeNewFile(path('pem'), certificates.map((one) => one.toString()).join(''))
  if (password !== undefined) {
    const { pkcs12File } = await import('../pki/pkcs12-file.ts')
    writeNewFile(path('p12'), await pkcs12File(keys.privateKey, certificates, password), {
      secret: true,
    })
  }
  if (flags.isOn('json')) {
    const files = {
      certificate: path('pem'),
      key: path('key'),
      ...(password !== undefined && { pkcs12: path('p12') }),
    }
    const about = { serial: serial.toString('hex'), notAfter: to.toISOString() }
    printJson({ name, ...about, ...files }, surroundings)
  } else {
    stderr(`Issued ${path('pem')}, valid until ${to.toISOString()}.\n`)
  }
  return 0
}

function fileName(word: string | undefined): string {
  if (word !== undefined && /^\w[\w.@-]{0,63}$/.test(word)) return word
  throw new CliFault(
    'Name the certificate: letters, digits, dots, dashes, at signs and underscores.',
  )
}

function alternativeNames(flags: Flags, usage: 'client' | 'server', name: string) {
  const dns = flags.all('dns')
  const ip = flags.all('ip')
  const named = usage === 'server' && dns.length + ip.length === 0 ? [name] : dns
  for (const address of ip)
    if (isIP(address) === 0) throw new CliFault(`${address} is no IP address.`)
  for (const host of named) {
    if (!/^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(host)) {
      throw new CliFault(`${host} is no DNS name.`)
    }
  }
  return [
    ...named.map((value) => ({ type: 'dns' as const, value })),
    ...ip.map((value) => ({ type: 'ip' as const, value })),
    ...flags
      .all('uri')
      .map(checkedUri)
      .map((value) => ({ type: 'url' as const, value })),
    ...flags
      .all('email')
      .map(checkedEmail)
      .map((value) => ({ type: 'email' as const, value })),
  ]
}

// RFC 5280 §4.2.1.6: both are of ASCII.
function checkedUri(uri: string): string {
  if (/^[\x21-\x7e]{1,2048}$/.test(uri) && URL.canParse(uri)) return uri
  throw new CliFault(`${JSON.stringify(uri)} is no URI. Give one such as spiffe://corp.example/me.`)
}

function checkedEmail(address: string): string {
  if (/^[\x21-\x3f\x41-\x7e]{1,64}@[a-z0-9.-]{1,253}$/i.test(address)) return address
  throw new CliFault(`${JSON.stringify(address)} is no e-mail address of ASCII characters.`)
}

// Found out before anything is written.
async function p12Password(flags: Flags, surroundings: Surroundings): Promise<string> {
  const password = await givenPassword(flags, surroundings)
  // Beyond ASCII, programs disagree about how a password becomes bytes.
  if (/^[\x20-\x7e]*$/.test(password)) return password
  throw new CliFault('The password of a PKCS#12 file must be of ASCII characters.')
}

async function givenPassword(flags: Flags, surroundings: Surroundings): Promise<string> {
  const file = flags.filled('p12-password-file')
  if (file !== undefined) return passwordIn(file, surroundings)
  const { askSecret } = surroundings
  const typed = await askSecret('Password for the PKCS#12 file: ')
  const again = typed === undefined ? undefined : await askSecret('Again: ')
  if (typed === undefined)
    throw new CliFault(
      'There is no terminal to ask at, or nothing was typed there. Give --p12-password-file.',
    )
  if (typed !== again) throw new CliFault('The two passwords differ. Nothing was issued.')
  return typed
}
