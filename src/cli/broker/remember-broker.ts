import type { Surroundings } from '../surroundings.ts'
import { type KnownBroker, readKnownBrokers, writeKnownBrokers } from './known-brokers.ts'

/** Remembers a login, and that broker as the usual one. */
export function rememberBroker(
  origin: string,
  known: Omit<KnownBroker, 'signIn'>,
  surroundings: Surroundings,
): KnownBroker {
  const { brokers } = readKnownBrokers(surroundings)
  const signIn = surroundings.effects.randomBytes(16).toString('hex')
  const now = { ...known, signIn }
  writeKnownBrokers({ usual: origin, brokers: new Map(brokers).set(origin, now) }, surroundings)
  return now
}

/** Forgets a login. The broker stays the usual one, so that the next login needs no address. */
export function forgetBroker(origin: string, surroundings: Surroundings): void {
  const { usual, brokers } = readKnownBrokers(surroundings)
  const others = new Map(brokers)
  if (others.delete(origin)) writeKnownBrokers({ usual, brokers: others }, surroundings)
}
