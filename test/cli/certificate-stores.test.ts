import { sign, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RunTool } from '../../src/cli/stores/certificate-store.ts'
import { macosKeychain } from '../../src/cli/stores/macos-keychain.ts'
import { openStoreSigner } from '../../src/cli/stores/open-store-signer.ts'
import { windowsStore } from '../../src/cli/stores/windows-store.ts'
import { issue, issuePath, keyPairs } from '../keys/test-certificates.ts'
import { heldSurroundings } from './held-surroundings.ts'

interface Call {
  readonly program: string
  readonly args: readonly string[]
  readonly input: string
}

/** A tool that prints what was recorded, one answer after the other. */
function recorded(...answers: readonly string[]): { run: RunTool; calls: Call[] } {
  const calls: Call[] = []
  const run: RunTool = (program, args, input) => {
    calls.push({ program, args, input })
    return Promise.resolve(answers[calls.length - 1] ?? '')
  }
  return { run, calls }
}

const { leaf, intermediate, root } = issuePath()
const base64 = leaf.certificate.raw.toString('base64')
const text = Buffer.from('to sign')

const windows = heldSurroundings({ platform: 'win32', env: { SystemRoot: 'D:\\Windows' } })
const powershell = 'D:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'

function program(call: Call | undefined): string {
  return Buffer.from(call?.args.at(-1) ?? '', 'base64').toString('utf16le')
}

describe('the Windows store', () => {
  test('lists what has a private key, from the store that was named', async () => {
    const { run, calls } = recorded(`\ufeff{"certificates":["${base64}"]}\r\n`)
    const [found] = await windowsStore("MY'; Remove-Item", run, windows).list()
    expect(found?.fingerprint256).toBe(leaf.certificate.fingerprint256)
    expect(calls[0]?.program).toBe(powershell)
    expect(JSON.parse(calls[0]?.input ?? '')).toEqual({ store: "MY'; Remove-Item" })
    expect(program(calls[0])).toContain('HasPrivateKey')
    expect(program(calls[0])).not.toContain('Remove-Item')
  })

  test('takes one certificate as well as several, and none', async () => {
    // ConvertTo-Json of Windows PowerShell writes a list of one as a list, and an empty one as [].
    expect(await windowsStore('MY', recorded('{"certificates":[]}').run, windows).list()).toEqual(
      [],
    )
  })

  test('turns the two halves of an ECDSA signature into DER', async () => {
    const halves = sign('sha384', text, { key: leaf.privateKey, dsaEncoding: 'ieee-p1363' })
    const { run, calls } = recorded(`{"signature":"${halves.toString('base64')}"}`)
    const der = await windowsStore('MY', run, windows).sign(leaf.certificate, 'ec', text, 'sha384')
    expect(verify('sha384', text, leaf.certificate.publicKey, der)).toBe(true)
    expect(JSON.parse(calls[0]?.input ?? '')).toEqual({
      store: 'MY',
      thumbprint: leaf.certificate.fingerprint.replaceAll(':', ''),
      algorithm: 'ec',
      digest: 'SHA384',
      bytes: text.toString('base64'),
    })
  })

  test('passes an RSA signature on', async () => {
    const rsa = issue({ keys: keyPairs.rsa2048() })
    const signature = sign('sha256', text, rsa.privateKey)
    const { run } = recorded(`{"signature":"${signature.toString('base64')}"}`)
    expect(
      await windowsStore('MY', run, windows).sign(rsa.certificate, 'rsa', text, 'sha256'),
    ).toEqual(signature)
  })

  test.for([
    '',
    'null',
    '{"certificates":[1]}',
    '{"certificates":["!"]}',
    '{}',
    'Get-Item : error',
  ])('refuses the answer %j', async (answer) => {
    await expect(windowsStore('MY', recorded(answer).run, windows).list()).rejects.toThrow(
      'no answer',
    )
  })
})

describe('the keychain of macOS', () => {
  test('lists identities and signs with them, through osascript', async () => {
    const signature = sign('sha256', text, leaf.privateKey)
    const { run, calls } = recorded(
      `{"certificates":["${base64}"]}\n`,
      `{"signature":"${signature.toString('base64')}"}\n`,
    )
    const keychain = macosKeychain(undefined, run)
    const [found] = await keychain.list()
    expect(found?.fingerprint256).toBe(leaf.certificate.fingerprint256)
    expect(await keychain.sign(leaf.certificate, 'ec', text, 'sha256')).toEqual(signature)
    expect(calls.map((call) => call.program)).toEqual(['/usr/bin/osascript', '/usr/bin/osascript'])
    expect(JSON.parse(calls[1]?.input ?? '')).toEqual({
      certificate: base64,
      algorithm: 'kSecKeyAlgorithmECDSASignatureMessageX962SHA256',
      bytes: text.toString('base64'),
    })
  })

  test('unlocks a keychain of its own first, with the password on standard input alone', async () => {
    const { run, calls } = recorded('', '{"certificates":[]}')
    expect(await macosKeychain('se"cret', run).list()).toEqual([])
    expect(calls[0]?.program).toBe('/usr/bin/security')
    expect(calls[0]?.args.join(' ')).not.toContain('cret')
    expect(calls[0]?.input).toBe('unlock-keychain -p "se\\"cret" credential-helper.keychain\n')
    await expect(macosKeychain('a\nquit', run).list()).rejects.toThrow('control character')
  })
})

test('says on Linux that there is no such store, whatever the selector', async () => {
  const keys = {
    certificate: undefined,
    privateKey: undefined,
    intermediates: undefined,
    certSelector: 'Key=x509Subject,Value=CN=me',
    systemStoreName: 'MY',
    useLatest: false,
    pkcs11Library: undefined,
    reusePin: false,
    tpmKeyPassword: undefined,
    noTpmKeyPassword: false,
    password: undefined,
  }
  await expect(openStoreSigner(keys, heldSurroundings())).rejects.toThrow(
    'unable to use cert store signer on linux',
  )
  const wrong = { ...keys, certSelector: 'nonsense' }
  await expect(openStoreSigner(wrong, heldSurroundings())).rejects.toThrow(
    'unable to parse cert selector',
  )
  expect([intermediate, root]).toHaveLength(2)
})
