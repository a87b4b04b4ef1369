import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openPkcs11Signer } from '../../src/keys/pkcs11.ts'
import { fakeModule, pairObjects } from './fake-cryptoki.ts'
import { containing, having, lacking } from './matchers.ts'
import { ec, fault, library, signs, token } from './token-keys.ts'

describe('the PIN', () => {
  const mine = token(pairObjects(ec, { label: 'mine', id: 1 }))

  test('is asked for when it is in no URI, naming the token', async () => {
    const asked: unknown[] = []
    const { importModule } = fakeModule([mine])
    const signer = await openPkcs11Signer({
      certificate: 'pkcs11:',
      library,
      importModule,
      askPin: (request) => {
        asked.push(request)
        return Promise.resolve('1234')
      },
    })
    expect(asked).toEqual([{ purpose: 'login', token: 'token' }])
    await signer.close()
  })

  test('comes out of a file, and never from a command', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-pin-'))
    await writeFile(join(folder, 'pin'), '1234\n')
    const { importModule } = fakeModule([mine])
    const open = (source: string) =>
      openPkcs11Signer({ certificate: `pkcs11:?pin-source=${source}`, library, importModule })
    await (await open(`file://${folder}/pin`)).close()
    await (await open(`${folder}/pin`)).close()
    await expect(open('|echo%201234')).rejects.toEqual(fault('bad_uri'))
    await expect(open(`file:${folder}/none`)).rejects.toEqual(fault('file_unreadable'))
    await rm(folder, { recursive: true })
  })

  test('is tried once when it is wrong, because tokens lock; and is not in the error', async () => {
    const { seen, importModule } = fakeModule([mine])
    const opening = openPkcs11Signer({
      certificate: 'pkcs11:?pin-value=9999',
      library,
      importModule,
    })
    await expect(opening).rejects.toEqual(
      having({
        code: 'wrong_pin',
        message: lacking('9999'),
        detail: 'pkcs11: 0xA0: CKR_PIN_INCORRECT',
      }),
    )
    expect(seen.logins).toEqual(['user:9999'])
    expect(seen).toMatchObject({ sessions: 0, finalized: 1 })
  })

  test('that is missing is named', async () => {
    const { importModule } = fakeModule([mine])
    await expect(
      openPkcs11Signer({ certificate: 'pkcs11:', library, importModule }),
    ).rejects.toEqual(fault('pin_required'))
  })

  test('is typed on the reader where that has keys', async () => {
    const { seen, importModule } = fakeModule([{ ...mine, flags: 0x504 }])
    const signer = await openPkcs11Signer({ certificate: 'pkcs11:', library, importModule })
    expect(seen.logins).toEqual(['user:pad'])
    await signer.close()
  })

  test('opens a certificate that shows itself only after login', async () => {
    const hidden = token(pairObjects(ec, { label: 'mine', id: 1, hidden: true }))
    const { importModule } = fakeModule([hidden])
    const signer = await openPkcs11Signer({
      certificate: 'pkcs11:?pin-value=1234',
      library,
      importModule,
    })
    expect(await signs(signer)).toBe(true)
    await signer.close()
    await expect(
      openPkcs11Signer({ certificate: 'pkcs11:', library, importModule }),
    ).rejects.toEqual(having({ code: 'pin_required', message: containing('pin-value') }))
  })
})

describe('a key that asks for its PIN at each signature', () => {
  const strict = token(pairObjects(ec, { label: 'mine', id: 1, always: true }))

  test('asks each time', async () => {
    const { seen, importModule } = fakeModule([strict])
    const signer = await openPkcs11Signer({
      certificate: 'pkcs11:?pin-value=1234',
      library,
      importModule,
      askPin: ({ purpose }) => (purpose === 'signature' ? '1234' : 'wrong'),
    })
    expect(await signs(signer)).toBe(true)
    expect(seen.logins).toEqual(['user:1234', 'context:1234', 'context:1234'])
    await signer.close()
  })

  test('takes the login’s PIN where that is wanted', async () => {
    const { importModule } = fakeModule([strict])
    const signer = await openPkcs11Signer({
      certificate: 'pkcs11:?pin-value=1234',
      library,
      importModule,
      reusePin: true,
    })
    expect(await signs(signer)).toBe(true)
    await signer.close()
  })

  test('can sign again after a wrong PIN', async () => {
    const pins = ['1234', '0000', '1234']
    const { importModule } = fakeModule([strict])
    const signer = await openPkcs11Signer({
      certificate: 'pkcs11:?pin-value=1234',
      library,
      importModule,
      askPin: () => pins.shift() ?? '',
    })
    await expect(signs(signer)).rejects.toEqual(fault('wrong_pin'))
    expect(await signs(signer)).toBe(true)
    await signer.close()
  })
})
