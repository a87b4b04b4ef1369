import { hash } from '@node-rs/argon2'
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { SignInFailed, TooManyRequests } from '../../src/errors.ts'
import { createLocalForm, type LocalUser } from '../../src/identity/local-form.ts'
import {
  boundedHasher,
  loadArgon2,
  type PasswordHasher,
} from '../../src/identity/password-verifier.ts'
import { userOf } from '../support/web-app.ts'

const cheap = { memoryCost: 64, timeCost: 1, parallelism: 1 }
const now = () => new Date('2026-11-20T09:00:00Z')

/** Notes against which hash each password was tried. */
class NotingHasher implements PasswordHasher {
  readonly tried: string[] = []
  readonly models: (string | undefined)[] = []

  verify(hashed: string, password: string): Promise<boolean> {
    this.tried.push(hashed)
    return Promise.resolve(hashed.endsWith(`$${password}`))
  }

  decoy(model: string | undefined): Promise<string> {
    this.models.push(model)
    return Promise.resolve('decoy')
  }
}

function formWith(users: readonly LocalUser[], hasher: PasswordHasher) {
  return createLocalForm({
    id: 'local',
    label: 'Local account',
    people: 'staff',
    users,
    hasher,
    now,
  })
}

async function failureOf(attempt: Promise<unknown>): Promise<SignInFailed> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof SignInFailed) return error
  throw new Error('expected a failed sign-in')
}

describe('the local form', () => {
  test('gives the person with groups and attributes of the configuration', async () => {
    const user = userOf('bob', { groups: ['readers'], attributes: { team: ['blue'] } })
    const form = formWith([user], new NotingHasher())
    await expect(form.verify({ name: 'bob', password: 'bobpassword' })).resolves.toMatchObject({
      person: { people: 'staff', id: 'bob' },
      name: 'bob',
      method: 'local',
      groups: ['readers'],
      attributes: { team: ['blue'] },
      authenticatedAt: now().getTime(),
      breakGlass: false,
    })
  })

  test('answers an unknown name as a wrong password, after the same number of hashes', async () => {
    const hasher = new NotingHasher()
    const form = formWith([userOf('bob')], hasher)
    const known = await failureOf(form.verify({ name: 'bob', password: 'wrong' }))
    expect(hasher.tried).toHaveLength(1)
    const unknown = await failureOf(form.verify({ name: 'nobody', password: 'wrong' }))
    expect(hasher.tried).toHaveLength(2)
    expect(unknown.message).toBe(known.message)
    expect(unknown.status).toBe(known.status)
  })

  test('lets nobody in on the decoy, even with a password that matches it', async () => {
    const hasher: PasswordHasher = {
      verify: () => Promise.resolve(true),
      decoy: () => Promise.resolve('decoy'),
    }
    await failureOf(formWith([userOf('bob')], hasher).verify({ name: 'eve', password: 'x' }))
    await failureOf(formWith([], hasher).verify({ name: 'eve', password: 'x' }))
  })

  test('tries an unknown name with a known user’s parameters, each time the same', async () => {
    const hasher = new NotingHasher()
    const users = [
      userOf('bob', { passwordHash: '$argon2id$v=19$m=1,t=1,p=1$salt$bobpassword' }),
      userOf('eve', { passwordHash: '$argon2id$v=19$m=2,t=1,p=1$salt$evepassword' }),
    ]
    const form = formWith(users, hasher)
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a', 'b', 'c']) {
      await failureOf(form.verify({ name, password: 'wrong' }))
    }
    expect(new Set(hasher.models)).toEqual(new Set(users.map((user) => user.passwordHash)))
    expect(hasher.models).toHaveLength(2)
  })

  test.each(['__proto__', 'constructor', 'toString'])('has no user %s', async (name) => {
    await failureOf(formWith([userOf('bob')], new NotingHasher()).verify({ name, password: 'x' }))
  })
})

describe('argon2', () => {
  test('accepts the right password and makes decoys with the parameters of the model', async () => {
    const hasher = await loadArgon2(randomBytes)
    const real = await hash('bobpassword', cheap)
    await expect(hasher.verify(real, 'bobpassword')).resolves.toBe(true)
    await expect(hasher.verify(real, 'bobpasswore')).resolves.toBe(false)
    const decoy = await hasher.decoy(real)
    expect(decoy.split('$').slice(0, 4)).toEqual(real.split('$').slice(0, 4))
    expect(decoy).not.toBe(real)
    await expect(hasher.verify(await hasher.decoy(undefined), '')).resolves.toBe(false)
  })

  test('is loaded once, and only when a password comes', async () => {
    let loads = 0
    const hasher = boundedHasher(
      () => {
        loads += 1
        return Promise.resolve(new NotingHasher())
      },
      { running: 1, waiting: 9 },
    )
    expect(loads).toBe(0)
    await Promise.all([hasher.verify('h', 'p'), hasher.verify('h', 'p'), hasher.decoy('h')])
    expect(loads).toBe(1)
  })

  test('turns away whoever finds the line full', async () => {
    const gate = Promise.withResolvers<boolean>()
    const slow: PasswordHasher = {
      verify: () => gate.promise,
      decoy: () => Promise.resolve(''),
    }
    const hasher = boundedHasher(() => Promise.resolve(slow), { running: 1, waiting: 1 })
    const taken = [hasher.verify('h', 'p'), hasher.verify('h', 'p')]
    await expect(hasher.verify('h', 'p')).rejects.toBeInstanceOf(TooManyRequests)
    gate.resolve(true)
    await expect(Promise.all(taken)).resolves.toEqual([true, true])
  })
})
