import { type Cryptoki, type ImportModule, loadPkcs11Package, tokenFault } from './cryptoki.ts'
import { initializeOptions } from './pkcs11-token.ts'

/** A loaded module, held until `release`. */
export interface Pkcs11Library {
  readonly cryptoki: Cryptoki
  release(): void
}

interface Held {
  readonly cryptoki: Cryptoki
  users: number
}

// Cryptoki is initialised once per process and module (PKCS#11 v2.40 §5.4), so its users are counted per process too.
const held = new WeakMap<object, Map<string, Held>>()

/** Where p11-kit puts all modules of the system behind one. */
export function defaultPkcs11Library(platform: NodeJS.Platform): string {
  const endings: Partial<Record<NodeJS.Platform, string>> = { darwin: 'dylib', win32: 'dll' }
  return `p11-kit-proxy.${endings[platform] ?? 'so'}`
}

/** Loads and initialises a module, or joins those who have. KeyFault when the package or the module can't be loaded. */
export async function openPkcs11Library(
  path: string,
  importModule?: ImportModule,
): Promise<Pkcs11Library> {
  const { PKCS11 } = await loadPkcs11Package(importModule)
  const libraries = held.get(PKCS11) ?? new Map<string, Held>()
  held.set(PKCS11, libraries)
  const library = libraries.get(path) ?? { cryptoki: initialised(new PKCS11(), path), users: 0 }
  libraries.set(path, library)
  library.users += 1
  let released = false
  return {
    cryptoki: library.cryptoki,
    release: () => {
      if (released) return
      released = true
      library.users -= 1
      if (library.users > 0) return
      libraries.delete(path)
      finish(library.cryptoki)
    },
  }
}

function initialised(cryptoki: Cryptoki, path: string): Cryptoki {
  try {
    cryptoki.load(path)
    cryptoki.C_Initialize(initializeOptions)
  } catch (cause) {
    throw tokenFault(cause, `loading the module ${path}`)
  }
  return cryptoki
}

function finish(cryptoki: Cryptoki): void {
  try {
    cryptoki.C_Finalize()
    cryptoki.close()
  } catch {
    // The process is done with it either way.
  }
}
