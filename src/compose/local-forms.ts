import { availableParallelism } from 'node:os'
import type { Config, LocalMethodConfig } from '../config/config.ts'
import type { Effects } from '../effects.ts'
import { createLocalForm, type FormSignIn } from '../identity/local-form.ts'
import { boundedHasher, loadArgon2, type PasswordHasher } from '../identity/password-verifier.ts'

/** The forms for users of the configuration. */
export function composeLocalForms(
  { signIn }: Pick<Config, 'signIn'>,
  effects: Pick<Effects, 'now' | 'randomBytes'>,
): readonly FormSignIn[] {
  // One core stays free for everybody else, and one queue bounds all forms together.
  const running = Math.max(1, availableParallelism() - 1)
  const hasher = boundedHasher(() => loadArgon2(effects.randomBytes), { running, waiting: 64 })
  return signIn.flatMap((method) =>
    method.type === 'local' ? [formOf(method, hasher, effects)] : [],
  )
}

function formOf(
  method: LocalMethodConfig,
  hasher: PasswordHasher,
  { now }: Pick<Effects, 'now'>,
): FormSignIn {
  const users = method.users.map((user) => ({ ...user, passwordHash: user.passwordHash.reveal() }))
  return createLocalForm({ ...method, users, hasher, now })
}
