import { resolve } from 'node:path'
import type { MeAnswer } from '../../contract/answers.ts'
import { type BrokerSettings, brokerSettings } from '../broker/broker-settings.ts'
import type { Way } from '../broker/broker-sender.ts'
import { connectBroker, strangersApi } from '../broker/connect-broker.ts'
import { formerTokens, revoke } from '../broker/end-sign-in.ts'
import { type HeldTokens, tokensOf, tokensText } from '../broker/held-tokens.ts'
import type { KnownBroker } from '../broker/known-brokers.ts'
import { rememberBroker } from '../broker/remember-broker.ts'
import { sayWho } from '../broker/say-who.ts'
import { keepSecret, secretStore } from '../broker/secrets/choose-secret-store.ts'
import { ownFileSecrets } from '../broker/secrets/own-file-secrets.ts'
import type { SecretStore } from '../broker/secrets/secret-store.ts'
import { hasBrowser } from '../broker/sign-in/browser-words.ts'
import { GivenUp } from '../broker/sign-in/given-up.ts'
import { signInByBrowser } from '../broker/sign-in/sign-in-by-browser.ts'
import { signInByDevice } from '../broker/sign-in/sign-in-by-device.ts'
import { noWords } from '../flags/no-words.ts'
import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { withProgress } from '../terminal/progress.ts'

/** Signs in, and says who one is now. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  noWords(flags.words, (word) => `; did you mean --broker ${word}?`)
  const found = brokerSettings(flags, surroundings)
  const settings: BrokerSettings = flags.isOn('device')
    ? { ...found, proof: { by: 'token' } }
    : found
  const me =
    settings.proof.by === 'token'
      ? await signIn(settings, flags, surroundings)
      : await tryProof(settings, flags, surroundings)
  if (flags.isOn('json')) printJson(me, surroundings)
  else surroundings.stdout(`You are ${sayWho(me)} at ${settings.origin}${until(me)}.\n`)
  return 0
}

async function signIn(
  settings: BrokerSettings,
  flags: Flags,
  surroundings: Surroundings,
): Promise<MeAnswer> {
  const { origin, route, known } = settings
  const way: Way = { origin, route }
  const stop = surroundings.stop()
  const api = strangersApi({ ...way, signal: stop }, surroundings)
  const by = flags.isOn('device') || !hasBrowser(surroundings) ? signInByDevice : signInByBrowser
  // Before anybody is asked: what can't be kept is of no use.
  await ownFileSecrets(surroundings).prepare(origin)
  const answer = await by(api, surroundings, stop).catch((error: unknown) => {
    throw stop.aborted ? new GivenUp() : error
  })
  const former = await formerTokens(origin, known, surroundings)
  const tokens = tokensOf(answer, surroundings.effects.now())
  const { store, now } = await keep(tokens, settings, flags, surroundings).catch(
    async (error: unknown) => {
      await revoke(way, tokens, surroundings)
      throw error
    },
  )
  surroundings.stderr(`The sign-in is kept in ${store.where}.\n`)
  if (former) await revoke(way, former, surroundings)
  if (known?.kept !== undefined && known.kept !== store.id) {
    const old = await secretStore(known.kept, surroundings)
    await old.remove(origin).catch(() => undefined)
  }
  return askWho({ ...settings, known: now }, surroundings)
}

function askWho(settings: BrokerSettings, surroundings: Surroundings): Promise<MeAnswer> {
  return withProgress(`Asking ${settings.origin}`, surroundings, async () =>
    (await connectBroker(settings, surroundings)).me(),
  )
}

async function keep(
  tokens: HeldTokens,
  settings: BrokerSettings,
  flags: Flags,
  surroundings: Surroundings,
): Promise<{ readonly store: SecretStore; readonly now: KnownBroker }> {
  const { origin } = settings
  const keyring = !flags.isOn('no-keyring')
  const store = await keepSecret(origin, tokensText(origin, tokens), surroundings, { keyring })
  const now = remember({ by: 'token', kept: store.id }, settings, flags, surroundings)
  return { store, now }
}

/** There is nothing to keep but the way; asked once, so that a mistake shows at once. */
async function tryProof(
  settings: BrokerSettings,
  flags: Flags,
  surroundings: Surroundings,
): Promise<MeAnswer> {
  const me = await askWho(settings, surroundings)
  const { proof } = settings
  if (proof.by === 'certificate') {
    const { certificate, privateKey } = proof.keys
    const files = { ...(certificate && { certificate }), ...(privateKey && { privateKey }) }
    remember({ by: 'certificate', ...files }, settings, flags, surroundings)
  } else {
    remember({ by: proof.by }, settings, flags, surroundings)
  }
  return me
}

function remember(
  known: Omit<KnownBroker, 'signIn'>,
  { origin, known: former }: BrokerSettings,
  flags: Flags,
  surroundings: Surroundings,
): KnownBroker {
  const given = flags.filled('ca')
  const ca = given === undefined ? former?.ca : resolve(given)
  return rememberBroker(origin, { ...known, ...(ca !== undefined && { ca }) }, surroundings)
}

function until({ tokenEndsAt }: MeAnswer): string {
  return tokenEndsAt === undefined ? '' : `, until ${tokenEndsAt}`
}
