import { CliFault } from '../../cli-fault.ts'
import type { RunTool } from '../../stores/certificate-store.ts'
import type { SecretStore } from './secret-store.ts'

const program = 'secret-tool'

/**
 * The Secret Service of a Linux desktop (freedesktop.org), through libsecret's own tool. Secrets go by standard input:
 * arguments are for all users to see.
 */
export function linuxKeyring(run: RunTool): SecretStore {
  const attributes = (origin: string): string[] => ['service', 'postern', 'broker', origin]
  return {
    id: 'keyring',
    where: 'the keyring of your desktop (secret-tool)',
    get: async (origin) => {
      const found = await run(program, ['lookup', ...attributes(origin)], '').catch(nothingFound)
      return found === '' ? undefined : found
    },
    put: async (origin, secret) => {
      await run(program, ['store', `--label=Postern at ${origin}`, ...attributes(origin)], secret)
    },
    prepare: () => Promise.resolve(),
    remove: async (origin) => {
      await run(program, ['clear', ...attributes(origin)], '')
    },
  }
}

// Where there is nothing, the tool fails without a word.
function nothingFound(error: unknown): string {
  if (!(error instanceof CliFault)) throw error
  if (error.detail === '') return ''
  throw new CliFault(
    'The keyring can not be asked. Unlock it, or keep the sign-in in a file: postern login --no-keyring.',
    { cause: error, ...(error.detail !== undefined && { detail: error.detail }) },
  )
}
