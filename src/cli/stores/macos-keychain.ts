import { X509Certificate } from 'node:crypto'
import { CliFault } from '../cli-fault.ts'
import type { CertificateStore, RunTool } from './certificate-store.ts'
import { readAnswer } from './tool-answer.ts'

// osascript is on every macOS and reaches the Security framework: keys that can't be exported sign as well. What varies
// comes by standard input as JSON and is never part of the program.
const head = `
ObjC.import('Security'); ObjC.import('Foundation')
const input = $.NSFileHandle.fileHandleWithStandardInput.readDataToEndOfFile
const asked = JSON.parse($.NSString.alloc.initWithDataEncoding(input, $.NSUTF8StringEncoding).js)
const base64 = (data) => data.base64EncodedStringWithOptions(0).js
function identities() {
  const query = $.NSMutableDictionary.alloc.init
  query.setObjectForKey($.kSecClassIdentity, $.kSecClass)
  query.setObjectForKey($.kSecMatchLimitAll, $.kSecMatchLimit)
  query.setObjectForKey($(true), $.kSecReturnRef)
  const found = Ref()
  const status = $.SecItemCopyMatching(query, found)
  if (status === -25300) return []
  if (status !== 0) throw new Error('SecItemCopyMatching: ' + status)
  const list = ObjC.castRefToObject(found[0])
  return Array.from({ length: list.count }, (_, index) => {
    const identity = list.objectAtIndex(index)
    const certificate = Ref()
    $.SecIdentityCopyCertificate(identity, certificate)
    return { identity, der: base64(ObjC.castRefToObject($.SecCertificateCopyData(certificate[0]))) }
  })
}
`
const listScript = `${head}
JSON.stringify({ certificates: identities().map(({ der }) => der) })
`
const signScript = `${head}
const chosen = identities().find(({ der }) => der === asked.certificate)
if (!chosen) throw new Error('the certificate is gone')
const key = Ref()
const status = $.SecIdentityCopyPrivateKey(chosen.identity, key)
if (status !== 0) throw new Error('SecIdentityCopyPrivateKey: ' + status)
const bytes = $.NSData.alloc.initWithBase64EncodedStringOptions(asked.bytes, 0)
const failure = Ref()
const signature = $.SecKeyCreateSignature(key[0], $[asked.algorithm], bytes, failure)
if (!signature) throw new Error('SecKeyCreateSignature failed')
JSON.stringify({ signature: base64(ObjC.castRefToObject(signature)) })
`

/**
 * The keychains of the user's search list on macOS. A keychain of its own, whose password is in
 * CREDENTIAL_HELPER_KEYCHAIN_PASSWORD, is unlocked first.
 */
export function macosKeychain(password: string | undefined, run: RunTool): CertificateStore {
  const ask = async (script: string, asked: Readonly<Record<string, string>>): Promise<string> => {
    if (password) await unlock(password, run)
    return run('/usr/bin/osascript', ['-l', 'JavaScript', '-e', script], JSON.stringify(asked))
  }
  return {
    list: async () => {
      const answer = await ask(listScript, {})
      if (/^\s*\{"certificates":\[\]\}\s*$/.test(answer)) return []
      return readAnswer(answer, 'certificates').map((der) => new X509Certificate(der))
    },
    // The keychain knows trust, not paths; intermediates can be given with --certificate instead.
    chain: () => Promise.resolve([]),
    sign: async (certificate, algorithm, bytes, digest) => {
      if (algorithm === 'ml-dsa') throw new CliFault('ML-DSA keys in a keychain can not sign.')
      const name = digest.toUpperCase()
      const asked = {
        certificate: certificate.raw.toString('base64'),
        algorithm:
          algorithm === 'rsa'
            ? `kSecKeyAlgorithmRSASignatureMessagePKCS1v15${name}`
            : `kSecKeyAlgorithmECDSASignatureMessageX962${name}`,
        bytes: bytes.toString('base64'),
      }
      const [signature = Buffer.alloc(0)] = readAnswer(await ask(signScript, asked), 'signature')
      return signature
    },
  }
}

// AWS's helper has a keychain of this name for itself. The password goes by standard input of the interactive mode,
// because arguments are for all users to see.
async function unlock(password: string, run: RunTool): Promise<void> {
  const quoted = `"${password.replace(/["\\]/g, '\\$&')}"`
  if (/\p{Cc}/u.test(password)) throw new CliFault('The keychain password has a control character.')
  await run(
    '/usr/bin/security',
    ['-i'],
    `unlock-keychain -p ${quoted} credential-helper.keychain\n`,
  )
}
