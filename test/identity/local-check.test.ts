import { expect, test } from 'vitest'
import { SignInAgain } from '../../src/errors.ts'
import { localCheck } from '../../src/identity/local-check.ts'
import { identityOf } from '../support/broker-fakes.ts'

const bob = identityOf('bob', ['readers', 'writers'])
const user = {
  name: 'bob',
  displayName: 'Bob Builder',
  email: undefined,
  groups: ['readers'],
  attributes: { team: ['blue'] },
  breakGlass: true,
}
const users = (...all: readonly (typeof user)[]) => ({ people: bob.person.people, users: all })

test('somebody is as the configuration has them now', async () => {
  const { displayName, groups, attributes, breakGlass } = user
  expect(await localCheck(users(user))(bob)).toEqual({
    ...bob,
    ...{ displayName, email: undefined, groups, attributes, breakGlass },
  })
})

test('whoever was taken out of the configuration gets nothing more', async () => {
  await expect(localCheck(users({ ...user, name: 'alice' }))(bob)).rejects.toThrow(SignInAgain)
  await expect(localCheck(users())(bob)).rejects.toThrow('Your local account was removed')
})

test('a namesake of other people is somebody else', async () => {
  const check = localCheck({ ...users(user), people: 'contractors' })
  await expect(check(bob)).rejects.toThrow(SignInAgain)
})
