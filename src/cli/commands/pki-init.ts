import type { Flags } from '../flags/parse-flags.ts'
import { CliFault } from '../cli-fault.ts'
import { type Authority, authorityCertificate } from '../pki/certificates.ts'
import { newSerial, validFor } from '../pki/dates.ts'
import { keyKinds, newKeyPair } from '../pki/key-kinds.ts'
import { PkiFolder } from '../pki/pki-folder.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'

/** Makes a root and, where asked for, an authority below it. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  const { effects, stderr } = surroundings
  const folder = new PkiFolder(flags.text('folder'), surroundings)
  const kind = keyKinds.find((one) => one === flags.text('key-type')) ?? 'ec-p256'
  const name = commonName(flags.text('name'))
  const below = flags.isOn('intermediate')
  const validity = validFor(flags.integer('days'), effects)
  const make = async (subject: string, under: number, issuer?: Authority): Promise<Authority> => {
    const keys = await newKeyPair(kind, surroundings)
    const wish = { subject: { CN: subject }, serial: newSerial(effects), ...validity, keys }
    return { keys, certificate: await authorityCertificate(wish, under, issuer) }
  }
  const root = await make(name, below ? 1 : 0)
  const intermediate = below ? await make(`${name} Issuing`, 0, root) : undefined
  folder.create()
  if (intermediate) folder.writeAuthority('intermediate', intermediate)
  folder.writeAuthority('root', root)
  if (flags.isOn('json')) {
    const below = intermediate && described('intermediate', intermediate)
    printJson(
      { folder: folder.path, root: described('root', root), intermediate: below },
      surroundings,
    )
    return 0
  }
  stderr(
    `The authority is in ${folder.path}. Give root.pem to IAM Roles Anywhere as a trust anchor.\n`,
  )
  if (intermediate) stderr('Put root.key away: issuing does not need it.\n')
  return 0
}

function described(name: string, { certificate }: Authority) {
  return {
    certificate: `${name}.pem`,
    key: `${name}.key`,
    notAfter: certificate.validToDate.toISOString(),
    sha256Fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

/** A common name that STS and people can read. CliFault otherwise. */
export function commonName(text: string): string {
  // RFC 5280, Appendix A.1: ub-common-name.
  if (/^[^\p{Cc}]{1,64}$/u.test(text)) return text
  throw new CliFault('A common name has 1 to 64 characters, none of them a control character.')
}
