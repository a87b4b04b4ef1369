import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { samlCast } from './saml-cast.ts'

/** A SimpleSAMLphp that runs until it is stopped. */
export interface SimpleSamlPhp {
  readonly origin: string
  readonly metadataUrl: string
  stop(): Promise<void>
}

const www = '/usr/share/simplesamlphp/www'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Starts Debian's SimpleSAMLphp on a free port of loopback, with fresh keys, for service providers under `spOrigin`. */
export async function startSimpleSamlPhp(spOrigin: string): Promise<SimpleSamlPhp> {
  const { idp, serviceProvider, decryption } = samlCast()
  const folder = await mkdtemp(join(tmpdir(), 'postern-ssp-'))
  const origin = `http://127.0.0.1:${await freePort()}`
  await mkdir(join(folder, 'tmp'))
  await mkdir(join(folder, 'docroot'))
  await symlink(www, join(folder, 'docroot', 'simplesaml'))
  await writeFile(join(folder, 'idp.key'), idp.privateKey)
  await writeFile(join(folder, 'idp.crt'), idp.certificate)
  await writeFile(join(folder, 'sp.crt'), serviceProvider.certificate)
  await writeFile(join(folder, 'sp-encryption.crt'), decryption.certificate)
  const php = spawn(
    '/usr/bin/php',
    ['-d', `session.save_path=${folder}/tmp`, '-S', origin.slice(7), '-t', join(folder, 'docroot')],
    {
      // A group of its own: the workers outlive their parent otherwise.
      detached: true,
      stdio: 'ignore',
      env: {
        ...process.env,
        PHP_CLI_SERVER_WORKERS: '3',
        SIMPLESAMLPHP_CONFIG_DIR: join(import.meta.dirname, '../../live/simplesamlphp/config'),
        POSTERN_SSP_FOLDER: folder,
        POSTERN_SSP_ORIGIN: origin,
        POSTERN_SP_ORIGIN: spOrigin,
      },
    },
  )
  const stop = async () => {
    if (php.pid !== undefined) process.kill(-php.pid, 'SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  const metadataUrl = `${origin}/simplesaml/saml2/idp/metadata.php`
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(metadataUrl).catch(() => undefined)
    if (answer?.ok) return { origin, metadataUrl, stop }
    await delay(100)
  }
  await stop()
  throw new Error('SimpleSAMLphp did not start')
}
