import type { RunTool } from '../../stores/certificate-store.ts'
import { readAnswer } from '../../stores/tool-answer.ts'
import type { SecretStore } from './secret-store.ts'

// Windows PowerShell is on every Windows, and so is the Data Protection API, whose key is the user's. What varies comes by
// standard input as JSON and is never part of the program.
const script = (call: 'Protect' | 'Unprotect'): string => `
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
Add-Type -AssemblyName System.Security
$asked = [Console]::In.ReadToEnd() | ConvertFrom-Json
$bytes = [Convert]::FromBase64String($asked.bytes)
$origin = [Text.Encoding]::UTF8.GetBytes($asked.origin)
$done = [Security.Cryptography.ProtectedData]::${call}($bytes, $origin, 'CurrentUser')
ConvertTo-Json -Compress @{ bytes = [Convert]::ToBase64String($done) }
`

/** Secrets that Windows encrypts for the user, in files. The origin is part of the key, so none serves another broker. */
export function windowsDpapi(files: SecretStore, run: RunTool): SecretStore {
  const ask = async (call: 'Protect' | 'Unprotect', origin: string, bytes: Buffer) => {
    const encoded = Buffer.from(script(call), 'utf16le').toString('base64')
    const args = ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded]
    const asked = JSON.stringify({ origin, bytes: bytes.toString('base64') })
    const [answer] = readAnswer(await run('powershell.exe', args, asked), 'bytes')
    return answer ?? Buffer.alloc(0)
  }
  return {
    id: 'dpapi',
    where: 'files that Windows encrypts for you',
    get: async (origin) => {
      const kept = await files.get(origin)
      if (kept === undefined) return undefined
      return (await ask('Unprotect', origin, Buffer.from(kept, 'base64'))).toString('utf8')
    },
    put: async (origin, secret) => {
      const encrypted = await ask('Protect', origin, Buffer.from(secret, 'utf8'))
      await files.put(origin, encrypted.toString('base64'))
    },
    prepare: (origin) => files.prepare(origin),
    remove: (origin) => files.remove(origin),
  }
}
