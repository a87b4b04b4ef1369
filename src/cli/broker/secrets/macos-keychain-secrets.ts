import { CliFault } from '../../cli-fault.ts'
import type { RunTool } from '../../stores/certificate-store.ts'
import type { SecretStore } from './secret-store.ts'

const program = '/usr/bin/security'

/** The user's keychain on macOS. Secrets go by standard input of the interactive mode, as arguments are for all to see. */
export function macosKeychainSecrets(run: RunTool): SecretStore {
  const item = (origin: string): string[] => ['-s', 'postern', '-a', origin]
  return {
    id: 'keychain',
    where: 'your keychain',
    get: async (origin) => {
      const found = await run(program, ['find-generic-password', ...item(origin), '-w'], '').catch(
        nothingFound,
      )
      // In Base64, because security prints what it takes for binary in hexadecimal.
      const text = Buffer.from(found.trim(), 'base64').toString('utf8')
      return text === '' ? undefined : text
    },
    put: async (origin, secret) => {
      if (!/^[\w:/.[\]-]+$/.test(origin))
        throw new CliFault(`${origin} can't name a keychain item.`)
      const encoded = Buffer.from(secret, 'utf8').toString('base64')
      const words = ['add-generic-password', '-U', ...item(origin), '-l', 'Postern', '-w', encoded]
      await run(program, ['-i'], `${words.join(' ')}\n`)
    },
    prepare: () => Promise.resolve(),
    remove: async (origin) => {
      await run(program, ['delete-generic-password', ...item(origin)], '')
    },
  }
}

function nothingFound(error: unknown): string {
  if (error instanceof CliFault && error.detail?.includes('could not be found')) return ''
  throw error
}
