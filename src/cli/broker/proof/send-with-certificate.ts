import { CliFault } from '../../cli-fault.ts'
import { Passphrase } from '../../keys/passphrase.ts'
import { readBytes } from '../../keys/read-bytes.ts'
import type { ClientKey } from '../../route.ts'
import { isElsewhere, type KeySettings, standardInput } from '../../settings/key-settings.ts'
import { certificatePem } from '../../setup/certificate-pem.ts'
import type { Surroundings } from '../../surroundings.ts'
import { type Send, sendTo, type Way } from '../broker-sender.ts'

/** Sends over TLS with a client certificate. The files are read anew for each request, as they may have been renewed. */
export function sendWithCertificate(way: Way, keys: KeySettings, surroundings: Surroundings): Send {
  const passphrase = new Passphrase(keys, surroundings)
  return async (request) =>
    sendTo({ ...way, client: await clientKey(keys, passphrase) }, request, {}, surroundings)
}

/** CliFault for a key that Node's TLS can't sign with. */
async function clientKey(keys: KeySettings, passphrase: Passphrase): Promise<ClientKey> {
  const { certificate, privateKey, intermediates } = keys
  const paths = [certificate, privateKey].filter((path) => path !== undefined)
  if (
    certificate === undefined ||
    paths.some((path) => isElsewhere(path) || path === standardInput)
  ) {
    throw new CliFault(
      'A broker takes a certificate and key from files only. Keys on tokens, in TPMs and in stores serve IAM Roles Anywhere.',
    )
  }
  const files = {
    certificate: (await readBytes(certificate)) ?? Buffer.alloc(0),
    privateKey: await readBytes(privateKey),
    intermediates: await readBytes(intermediates),
  }
  const { pem } = await passphrase.opening(() => certificatePem(files, () => passphrase.ask()))
  // One text holds both: each reader takes its own blocks.
  return { cert: pem, key: pem }
}
