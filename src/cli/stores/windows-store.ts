import { X509Certificate } from 'node:crypto'
import { CliFault } from '../cli-fault.ts'
import { ecdsaDer } from '../../keys/pkcs11-key.ts'
import type { CertificateStore, RunTool } from './certificate-store.ts'
import type { Surroundings } from '../surroundings.ts'
import { systemTool } from './system-tool.ts'
import { readAnswer } from './tool-answer.ts'

// Windows PowerShell is on every Windows and has .NET's own way to each key, CNG's and the older providers'. What varies
// comes by standard input as JSON and is never part of the program.
const head = `
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$asked = [Console]::In.ReadToEnd() | ConvertFrom-Json
$place = [Security.Cryptography.X509Certificates.StoreLocation]::CurrentUser
$store = New-Object Security.Cryptography.X509Certificates.X509Store($asked.store, $place)
$store.Open('ReadOnly, OpenExistingOnly')
`
const listScript = `${head}
$found = @($store.Certificates | Where-Object { $_.HasPrivateKey } | ForEach-Object { [Convert]::ToBase64String($_.RawData) })
ConvertTo-Json -Compress @{ certificates = $found }
`
const pick = `
$certificate = $store.Certificates | Where-Object { $_.Thumbprint -eq $asked.thumbprint } | Select-Object -First 1
if ($null -eq $certificate) { throw 'the certificate is gone' }
`
const chainScript = `${head}${pick}
$chain = New-Object Security.Cryptography.X509Certificates.X509Chain
$chain.ChainPolicy.RevocationMode = 'NoCheck'
[void]$chain.Build($certificate)
$found = @($chain.ChainElements | Select-Object -Skip 1 | ForEach-Object { [Convert]::ToBase64String($_.Certificate.RawData) })
ConvertTo-Json -Compress @{ certificates = $found }
`
const signScript = `${head}${pick}
$bytes = [Convert]::FromBase64String($asked.bytes)
$name = New-Object Security.Cryptography.HashAlgorithmName($asked.digest)
if ($asked.algorithm -eq 'rsa') {
  $key = [Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($certificate)
  $signature = $key.SignData($bytes, $name, [Security.Cryptography.RSASignaturePadding]::Pkcs1)
} else {
  $key = [Security.Cryptography.X509Certificates.ECDsaCertificateExtensions]::GetECDsaPrivateKey($certificate)
  $signature = $key.SignData($bytes, $name)
}
ConvertTo-Json -Compress @{ signature = [Convert]::ToBase64String($signature) }
`

/** The current user's certificate stores on Windows, through Windows PowerShell. */
export function windowsStore(
  storeName: string,
  run: RunTool,
  surroundings: Pick<Surroundings, 'env'>,
): CertificateStore {
  const ask = async (script: string, asked: Readonly<Record<string, string>>): Promise<string> => {
    const encoded = Buffer.from(script, 'utf16le').toString('base64')
    const args = ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded]
    return run(
      systemTool('powershell.exe', surroundings),
      args,
      JSON.stringify({ store: storeName, ...asked }),
    )
  }
  const certificates = async (script: string, asked: Readonly<Record<string, string>>) =>
    readAnswer(await ask(script, asked), 'certificates').map((der) => new X509Certificate(der))
  return {
    list: () => certificates(listScript, {}),
    chain: (certificate) => certificates(chainScript, { thumbprint: thumbprint(certificate) }),
    sign: async (certificate, algorithm, bytes, digest) => {
      if (algorithm === 'ml-dsa')
        throw new CliFault('ML-DSA keys in the Windows store can not sign.')
      const asked = {
        thumbprint: thumbprint(certificate),
        algorithm,
        digest: digest.toUpperCase(),
        bytes: bytes.toString('base64'),
      }
      const [signature = Buffer.alloc(0)] = readAnswer(await ask(signScript, asked), 'signature')
      // .NET writes r and s side by side (IEEE P1363).
      return algorithm === 'ec' ? ecdsaDer(signature) : signature
    },
  }
}

function thumbprint({ fingerprint }: X509Certificate): string {
  return fingerprint.replaceAll(':', '')
}
