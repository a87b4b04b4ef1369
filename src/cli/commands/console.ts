import type { RoleSessionAnswer } from '../../contract/answers.ts'
import { brokerSettings } from '../broker/broker-settings.ts'
import { connectBroker } from '../broker/connect-broker.ts'
import { findRole, isRoleArn } from '../broker/find-role.ts'
import { handOver } from '../broker/hand-over.ts'
import { checkSignInUrl } from '../broker/sign-in-url.ts'
import { hasBrowser } from '../broker/sign-in/browser-words.ts'
import { CliFault } from '../cli-fault.ts'
import { UsageFault } from '../flags/flag.ts'
import { noWords } from '../flags/no-words.ts'
import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { withProgress } from '../terminal/progress.ts'

export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  noWords(flags.words.slice(1))
  const { origin } = brokerSettings(flags, surroundings)
  const answer = await withProgress('Asking for a sign-in URL', surroundings, () =>
    ask(flags, surroundings),
  )
  if (answer.consoleUrl === undefined) {
    throw new CliFault(answer.consoleError ?? `${origin} gave no sign-in URL.`)
  }
  const url = checkSignInUrl(answer.consoleUrl, answer.role, origin)
  if (flags.isOn('json')) {
    printJson(
      { role: answer.role, consoleUrl: url, session: answer.durations.console },
      surroundings,
    )
    return 0
  }
  if (flags.isOn('print') || !hasBrowser(surroundings)) {
    surroundings.stdout(`${url}\n`)
    return 0
  }
  surroundings.stderr(`Opening the console as ${answer.role}.\n`)
  if (await handOver(url, surroundings)) return 0
  throw new CliFault('No browser fetched the sign-in URL. Try --print.')
}

async function ask(flags: Flags, surroundings: Surroundings): Promise<RoleSessionAnswer> {
  const [name] = flags.words
  if (name === undefined) throw new UsageFault('name a role; `postern roles` lists yours')
  const api = await connectBroker(brokerSettings(flags, surroundings), surroundings)
  const role = isRoleArn(name) ? name : findRole(name, await api.roles()).arn
  const [destination, region] = [flags.filled('destination'), flags.filled('region')]
  const order = {
    role,
    console: true,
    ...(flags.has('session-duration') && { consoleDuration: flags.integer('session-duration') }),
    ...(destination !== undefined && { destination }),
    ...(region !== undefined && { region }),
  }
  return api.roleSession(order, surroundings.effects.now())
}
