import { findFormat } from '../../credentials/formats.ts'
import { credentialsOf } from '../broker/credentials-of.ts'
import { openRole } from '../broker/open-role.ts'
import { CliFault } from '../cli-fault.ts'
import { noWords } from '../flags/no-words.ts'
import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { withProgress } from '../terminal/progress.ts'

export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  noWords(flags.words.slice(1))
  const source = openRole(flags, surroundings)
  const session = await withProgress('Asking for credentials', surroundings, () => source.current())
  const { credentials, options: known } = credentialsOf(session)
  if (flags.isOn('json')) {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = session
    const role = await source.roleArn()
    const own = { accessKeyId, secretAccessKey, sessionToken, expiration }
    const { region, stsEndpoint } = session
    const endpoints = stsEndpoint === undefined ? undefined : { sts: stsEndpoint }
    printJson({ role, credentials: own, region, endpoints }, surroundings)
    return 0
  }
  const usual = surroundings.platform === 'win32' ? 'powershell' : 'bash'
  const format = findFormat(flags.filled('format') ?? usual)
  if (!format) throw new CliFault('There is no such format.')
  const options = { ...known, profileName: flags.text('profile') }
  const refusal = format.refusal(credentials, options)
  if (refusal !== undefined) throw new CliFault(refusal.replace(/^(?:#|rem) /, '').trim())
  surroundings.stdout(format.render(credentials, options))
  return 0
}
