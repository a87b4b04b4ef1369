import { describe, expect, test } from 'vitest'
import { certificateUri } from '../../src/keys/pkcs11-certificates.ts'
import { ecdsaDer } from '../../src/keys/pkcs11-key.ts'
import { defaultPkcs11Library } from '../../src/keys/pkcs11-library.ts'
import { listPkcs11Certificates, openPkcs11Signer } from '../../src/keys/pkcs11.ts'
import { fakeModule, pairObjects } from './fake-cryptoki.ts'
import { containing, having, matching } from './matchers.ts'
import { issue, keyPairs } from './test-certificates.ts'
import { ec, fault, issuedPath, library, rsa, signs, token } from './token-keys.ts'

describe('a key on a token', () => {
  test.for([
    ['RSA', rsa],
    ['EC', ec],
  ] as const)('signs: %s', async ([, issued]) => {
    const { seen, importModule } = fakeModule([
      token(pairObjects(issued, { label: 'mine', id: 1 })),
    ])
    const signer = await openPkcs11Signer({
      certificate: 'pkcs11:token=token;object=mine?pin-value=1234',
      library,
      importModule,
    })
    expect(await signs(signer)).toBe(true)
    await signer.close()
    await signer.close()
    expect(seen).toMatchObject({ initialized: 1, finalized: 1, sessions: 0 })
  })

  test('signs for many at the same time, one after the other', async () => {
    const { importModule } = fakeModule([token(pairObjects(ec, { label: 'mine', id: 1 }))])
    const signer = await openPkcs11Signer({
      certificate: 'pkcs11:?pin-value=1234',
      library,
      importModule,
    })
    expect(await Promise.all(Array.from({ length: 20 }, () => signs(signer)))).toEqual(
      Array(20).fill(true),
    )
    await signer.close()
  })

  test('is found by its signature among others with the same label', async () => {
    const other = issue({ commonName: 'other' })
    const objects = [
      ...pairObjects(other, { label: 'x', id: 1 }),
      ...pairObjects(ec, { label: 'mine', keyLabel: 'x', id: 2 }),
    ]
    const { importModule } = fakeModule([token(objects)])
    const signer = await openPkcs11Signer({
      certificate: 'pkcs11:object=mine',
      privateKey: 'pkcs11:object=x?pin-value=1234',
      library,
      importModule,
    })
    expect(await signs(signer)).toBe(true)
    await signer.close()
  })

  test('is found by the certificate’s ID when its label is another', async () => {
    const { importModule } = fakeModule([
      token(pairObjects(ec, { label: 'cert', keyLabel: 'key', id: 9 })),
    ])
    const signer = await openPkcs11Signer({
      certificate: 'pkcs11:object=cert?pin-value=1234',
      library,
      importModule,
    })
    expect(await signs(signer)).toBe(true)
    await signer.close()
  })

  test('goes with a certificate from a file, and with none', async () => {
    const { importModule } = fakeModule([token(pairObjects(ec, { label: 'mine', id: 1 }))])
    const privateKey = 'pkcs11:object=mine?pin-value=1234'
    const withFile = await openPkcs11Signer({
      certificate: ec.certificate,
      privateKey,
      library,
      importModule,
    })
    expect(await signs(withFile)).toBe(true)
    const bare = await openPkcs11Signer({ privateKey, library, importModule })
    expect(bare).toMatchObject({ algorithm: 'ec', certificate: undefined, publicKey: undefined })
    await Promise.all([withFile.close(), bare.close()])
  })

  test('brings the certificates above it that the token holds, and no strangers', async () => {
    const objects = [
      ...pairObjects(ec, { label: 'mine', id: 1 }),
      ...pairObjects(issuedPath.intermediate, { label: 'ca', id: 2 }),
      ...pairObjects(rsa, { label: 'rsa', id: 3 }),
    ]
    const { importModule } = fakeModule([token(objects)])
    const signer = await openPkcs11Signer({
      certificate: 'pkcs11:object=mine?pin-value=1234',
      library,
      importModule,
    })
    expect(signer.chain.map(({ subject }) => subject)).toEqual(['CN=intermediate'])
    await signer.close()
  })

  test('shares the module with other keys until the last is closed', async () => {
    const { seen, importModule } = fakeModule([token(pairObjects(ec, { label: 'mine', id: 1 }))])
    const options = { certificate: 'pkcs11:?pin-value=1234', library, importModule }
    const [one, two] = [await openPkcs11Signer(options), await openPkcs11Signer(options)]
    await one.close()
    expect(seen).toMatchObject({ initialized: 1, finalized: 0 })
    expect(await signs(two)).toBe(true)
    await two.close()
    expect(seen.finalized).toBe(1)
  })
})

describe('refuses', () => {
  const both = [
    ...pairObjects(ec, { label: 'a', id: 1 }),
    ...pairObjects(rsa, { label: 'b', id: 2 }),
  ]

  test.for([
    ['several certificates', 'pkcs11:?pin-value=1234', 'several_matches'],
    ['no certificate', 'pkcs11:object=c?pin-value=1234', 'no_match'],
    ['no token', 'pkcs11:token=other?pin-value=1234', 'no_match'],
    ['another library', 'pkcs11:library-description=SoftHSM;object=a?pin-value=1234', 'no_match'],
    ['another slot', 'pkcs11:slot-id=1;object=a?pin-value=1234', 'no_match'],
    ['an object that is no certificate', 'pkcs11:object=a;type=private?pin-value=1234', 'no_match'],
    ['what is no URI', '/etc/key.pem', 'bad_uri'],
  ] as const)('%s', async ([, certificate, code]) => {
    const { seen, importModule } = fakeModule([token(both)])
    await expect(openPkcs11Signer({ certificate, library, importModule })).rejects.toEqual(
      fault(code),
    )
    expect(seen.sessions).toBe(0)
  })

  test('a certificate whose key is not on the token', async () => {
    const [certificate] = pairObjects(ec, { label: 'a', id: 1 })
    const { importModule } = fakeModule([token(certificate ? [certificate] : [])])
    const opening = openPkcs11Signer({
      certificate: 'pkcs11:?pin-value=1234',
      library,
      importModule,
    })
    await expect(opening).rejects.toEqual(
      having({ code: 'no_match', message: matching(/private key/) }),
    )
  })

  test('an RSA key of another modulus without asking it to sign', async () => {
    const { seen, importModule } = fakeModule([token(pairObjects(rsa, { label: 'a', id: 1 }))])
    const certificate = issue({ keys: keyPairs.rsa2048() }).certificate
    const opening = openPkcs11Signer({
      certificate,
      privateKey: 'pkcs11:?pin-value=1234',
      library,
      importModule,
    })
    await expect(opening).rejects.toEqual(fault('no_match'))
    expect(seen.signatures).toBe(0)
  })

  test('a module that can’t be loaded, naming it', async () => {
    const { importModule } = fakeModule([])
    const opening = openPkcs11Signer({
      certificate: 'pkcs11:?module-path=/missing.so',
      importModule,
    })
    await expect(opening).rejects.toEqual(
      having({ code: 'pkcs11_failed', message: containing('/missing.so') }),
    )
  })

  test('to go on without the package, and says how to install it', async () => {
    const opening = openPkcs11Signer({
      certificate: 'pkcs11:',
      importModule: () => Promise.reject(new Error('Cannot find package')),
    })
    await expect(opening).rejects.toEqual(
      having({
        code: 'pkcs11_missing',
        message: containing('npm install --no-save --no-strict-allow-scripts pkcs11js@'),
      }),
    )
  })
})

test('lists certificates with URIs that name each alone', async () => {
  const objects = [
    ...pairObjects(ec, { label: 'a b', id: 1 }),
    ...pairObjects(rsa, { label: 'b', id: 255 }),
  ]
  const { importModule } = fakeModule([token(objects), token([], 'empty')])
  const found = await listPkcs11Certificates('pkcs11:', { library, importModule })
  expect(found.map(certificateUri)).toEqual([
    'pkcs11:model=F1;manufacturer=Fake;serial=7;token=token;object=a%20b;id=%01;type=cert',
    'pkcs11:model=F1;manufacturer=Fake;serial=7;token=token;object=b;id=%FF;type=cert',
  ])
  const [first] = found.map(certificateUri)
  expect(await listPkcs11Certificates(first ?? '', { library, importModule })).toHaveLength(1)
})

test('writes r and s as the shortest unsigned integers', () => {
  const hex = (text: string): string => ecdsaDer(Buffer.from(text, 'hex')).toString('hex')
  expect(hex('0001' + '00ff')).toBe('3007' + '020101' + '020200ff')
  expect(hex('0000' + '7f00')).toBe('3007' + '020100' + '02027f00')
  expect(hex('ff'.repeat(132)).slice(0, 12)).toBe('30818a024300')
  expect(() => ecdsaDer(Buffer.alloc(3))).toThrow(having({ code: 'pkcs11_failed' }))
})

test('takes p11-kit’s proxy of the platform by default', () => {
  expect((['linux', 'darwin', 'win32'] as const).map(defaultPkcs11Library)).toEqual([
    'p11-kit-proxy.so',
    'p11-kit-proxy.dylib',
    'p11-kit-proxy.dll',
  ])
})
