import { brokerSettings } from '../broker/broker-settings.ts'
import { connectBroker } from '../broker/connect-broker.ts'
import { longText } from '../broker/duration-text.ts'
import { keepRoleNames } from '../broker/role-names.ts'
import { noWords } from '../flags/no-words.ts'
import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { withProgress } from '../terminal/progress.ts'
import { renderTable } from '../terminal/table.ts'

export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  noWords(flags.words)
  const settings = brokerSettings(flags, surroundings)
  const roles = await withProgress(`Asking ${settings.origin}`, surroundings, async () =>
    (await connectBroker(settings, surroundings)).roles(),
  )
  keepRoleNames(roles, surroundings)
  if (flags.isOn('json')) {
    printJson({ roles }, surroundings)
    return 0
  }
  if (roles.length === 0) {
    surroundings.stderr(`You have no roles at ${settings.origin}. Ask whoever looks after it.\n`)
    return 0
  }
  const rows = roles.map(({ account, name, region = '', durations }) => [
    account.name,
    account.id,
    name,
    region,
    longText(durations.credentials.maxSeconds),
  ])
  const head = ['ACCOUNT', 'ID', 'ROLE', 'REGION', 'LONGEST']
  const columns = surroundings.terminal('stdout')?.columns
  surroundings.stdout(renderTable([head, ...rows], columns, undefined, 2))
  return 0
}
