import { describe, expect, test } from 'vitest'
import { countedTries, now } from './directory-of.ts'
import { base, guids, windowsDomain, windowsPerson } from './fake-entries.ts'
import { alice, refusalOf, served } from './served-directory.ts'
import { matching } from '../../support/matching.ts'

describe('the service account', () => {
  test('is left alone for a while after it was refused, and nobody learns of it', async () => {
    let time = now.getTime()
    let refuse = true
    const { server, directory } = await served(
      { bind: (name) => (refuse && name === 'svc@corp.example' ? { code: 49 } : undefined) },
      {},
      { clock: () => new Date(time) },
    )
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(directory.verify({ name: 'alice', password: 'right' })).rejects.toMatchObject({
        code: 'temporarily_unavailable',
        status: 503,
      })
    }
    expect(server.binds).toHaveLength(1)
    refuse = false
    time += 300_001
    await directory.verify({ name: 'alice', password: 'right' })
  })

  test('is asked again when the clock was set back by more than that while', async () => {
    let time = now.getTime()
    let refuse = true
    const { directory } = await served(
      { bind: (name) => (refuse && name === 'svc@corp.example' ? { code: 49 } : undefined) },
      {},
      { clock: () => new Date(time) },
    )
    const typed = { name: 'alice', password: 'right' }
    await expect(directory.verify(typed)).rejects.toMatchObject({ status: 503 })
    refuse = false
    time -= 3_600_000
    await directory.verify(typed)
  })

  test('is named in the log where it may not search', async () => {
    const { directory } = await served({ search: () => ({ code: 1, message: 'bind first' }) })
    const signIn = directory.verify({ name: 'alice', password: 'right' })
    await expect(signIn).rejects.toMatchObject({
      status: 503,
      detail: matching(/refused with 1: bind first/),
    })
  })
})

describe('without a service account', () => {
  const asUser = { bind: { kind: 'as-user' } } as const

  test('people look for themselves, and the bind by DN decides', async () => {
    const { server, directory } = await served({}, asUser)
    const { name } = await directory.verify({ name: 'alice', password: 'right' })
    expect(name).toBe('alice')
    expect(server.binds.map((bind) => bind.name)).toEqual(['alice@corp.example', alice.dn])
  })

  test('a principal name that leads elsewhere than the account name is nobody', async () => {
    const mallory = {
      ...windowsPerson('mallory', { userPrincipalName: ['alice@corp.example'] }, guids.other),
      dn: `CN=mallory,OU=Elsewhere,${base}`,
      bindsAs: ['alice@corp.example'],
      password: 'malicious',
    }
    const { directory } = await served(
      { entries: [mallory, { ...alice, bindsAs: [] }, ...windowsDomain()] },
      { ...asUser, baseDn: `OU=People,${base}` },
    )
    for (const name of ['alice', 'alice@corp.example']) {
      const refusal = await refusalOf(directory.verify({ name, password: 'malicious' }))
      expect(refusal.refusal).toBe('directory_password')
    }
  })

  test('tries are counted by name before the first bind', async () => {
    const throttle = countedTries(() => false)
    const { server, directory } = await served({}, asUser, { throttle })
    const refusal = await refusalOf(directory.verify({ name: 'CORP\\Alice', password: 'right' }))
    expect(refusal.refusal).toBe('directory_throttled')
    expect(throttle.admitted).toEqual(['name:alice'])
    expect(server.binds).toEqual([])
  })

  test('nobody is looked up', async () => {
    const { directory } = await served({}, asUser)
    const key = { by: 'id', id: guids.alice } as const
    await expect(directory.lookUp(key, { proof: 'ticket' })).rejects.toMatchObject({ status: 503 })
  })
})
