import { brokerSettings } from '../broker/broker-settings.ts'
import { connectBroker } from '../broker/connect-broker.ts'
import { sayWho } from '../broker/say-who.ts'
import { noWords } from '../flags/no-words.ts'
import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { withProgress } from '../terminal/progress.ts'
import { printable } from '../terminal/visible-text.ts'

const proofs = {
  token: 'a sign-in of this terminal',
  ticket: 'a Kerberos ticket',
  certificate: 'a certificate',
}

export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  noWords(flags.words)
  const settings = brokerSettings(flags, surroundings)
  const { origin } = settings
  const me = await withProgress(`Asking ${origin}`, surroundings, async () =>
    (await connectBroker(settings, surroundings)).me(),
  )
  if (flags.isOn('json')) {
    printJson({ broker: origin, ...me }, surroundings)
    return 0
  }
  const lines = [
    ['You are', sayWho(me)],
    ['E-mail', me.email],
    ['People', me.people],
    ['Broker', origin],
    ['Method', me.method.label],
    ['Proof', proofs[me.by]],
    ['Signed in', me.authenticatedAt],
    ['Until', me.tokenEndsAt],
    ['Groups', me.groups.join(', ') || 'none'],
  ] as const
  for (const [label, value] of lines) {
    if (value !== undefined) surroundings.stdout(`${`${label}:`.padEnd(12)}${printable(value)}\n`)
  }
  return 0
}
