import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

// Whatever lies between a shell's prompt and its credentials is paid at every command.
test('neither the client nor the reading of PEM files loads a package', () => {
  const script = `
    import { registerHooks } from 'node:module'
    const packages = []
    registerHooks({
      resolve: (name, context, next) => {
        const found = next(name, context)
        if (found.url.includes('node_modules')) packages.push(name)
        return found
      },
    })
    await import('./src/rolesanywhere/create-session.ts')
    await import('./src/keys/key-material.ts')
    await import('./src/keys/key-files.ts')
    await import('./src/keys/watched-key.ts')
    await import('./src/keys/pkcs11.ts')
    const early = process.moduleLoadList.filter((name) => /NativeModule (https|tls|http)$/.test(name))
    console.log(JSON.stringify({ packages, early }))
  `
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: new URL('../..', import.meta.url).pathname,
    encoding: 'utf8',
  })
  expect(JSON.parse(printed)).toEqual({ packages: [], early: [] })
})
