import { certificateFilesOf, certificateSettingsOf } from '../../compose/certificate-settings.ts'
import type { CertificateMethodConfig } from '../../config/certificate-method-config.ts'
import type { Config } from '../../config/config.ts'
import type { Effects } from '../../effects.ts'
import { certificateFileFaults } from '../../identity/client-certificate/certificate-file-faults.ts'
import type { ListHealth } from '../../identity/client-certificate/revocation/list-source.ts'
import { openListSource } from '../../identity/client-certificate/revocation/list-source.ts'
import { type Finding, ok } from './finding.ts'

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** Whether sign-in by certificate has what it needs: files that can be read, and revocation lists that are fresh. */
export async function examineClientCertificates(
  { signIn, state }: Pick<Config, 'signIn' | 'state'>,
  effects: Effects,
): Promise<readonly Finding[]> {
  const findings = signIn.map(async (method) =>
    method.type === 'client-certificate' ? examineMethod(method, state, effects) : [],
  )
  return (await Promise.all(findings)).flat()
}

async function examineMethod(
  method: CertificateMethodConfig,
  state: Config['state'],
  effects: Effects,
): Promise<readonly Finding[]> {
  const what = `client certificates of ${method.id}`
  const faults = await certificateFileFaults(certificateFilesOf(method))
  if (faults.length > 0) {
    const fixes = ['docs/client-certificates.md says what each file must hold.']
    return faults.map((says) => ({ what, state: 'failed', says, fixes }))
  }
  const { revocation, authorities } = certificateSettingsOf(method, state)
  const lists = await Promise.all(
    (revocation?.lists ?? []).map(async (list) => {
      // The doctor leaves nothing behind, and reports what can be had now.
      const source = await openListSource({ ...list, copy: undefined }, effects, silent)
      return listFinding(method.id, source.health(effects.now()))
    }),
  )
  const files = authorities.flatMap((authority) => authority.files)
  return [ok(what, `trusts what stands in ${files.join(', ')}`), ...lists]
}

function listFinding(method: string, { name, state, nextUpdate }: ListHealth): Finding {
  const what = `revocation list of ${method}`
  const until = nextUpdate === undefined ? '' : new Date(nextUpdate).toISOString()
  if (state === 'fresh') return ok(what, `${name} holds until ${until}`)
  const fixes = ['Publish a new list, or correct its place in the configuration.']
  if (state === 'ending') return { what, state: 'warning', says: `${name} ends at ${until}`, fixes }
  const says = state === 'stale' ? `${name} is stale since ${until}` : `${name} can not be had`
  return { what, state: 'failed', says, fixes }
}
