import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDocument, readDocumentIfAny } from './documents.ts'
import { keptDemoPki } from './pki/kept-demo-pki.ts'
import { type SamlIdp, startSamlIdp } from './saml-idp/saml-idp.ts'
import { keptSigningKey } from './saml-idp/signing-key.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'
import { readSettings, type SandboxSettings } from './settings.ts'
import { keptTokenKey } from './token-key.ts'
import { DEMO_ROLES_ANYWHERE, withFederation } from './world/demo-federation.ts'
import { demoWorld } from './world/demo-world.ts'

/** The sandbox as a process: AWS and an identity provider. Listens, records what it issues, drains on SIGTERM. */
async function run(settings: SandboxSettings): Promise<void> {
  const { folder } = settings
  const tokenKey = keptTokenKey(folder)
  await using opening = new AsyncDisposableStack()
  const idp = opening.use(await startIdp(settings, tokenKey))
  const sandbox = opening.use(await startAws(settings, tokenKey, idp))
  const rolesAnywhere = { ...DEMO_ROLES_ANYWHERE, endpoint: sandbox.url }
  writeFileSync(join(folder, 'roles-anywhere.json'), `${JSON.stringify(rolesAnywhere, null, 2)}\n`)
  const owned = opening.move()
  process.stderr.write(
    `The sandbox plays AWS on ${sandbox.url} and an identity provider on ${idp.url}. Nothing of it is real.\n`,
  )
  const stop = (): void => void owned.disposeAsync()
  process.once('SIGTERM', stop).once('SIGINT', stop)
}

async function startIdp(settings: SandboxSettings, sealKey: Buffer): Promise<SamlIdp> {
  const { host, idpPort, folder, spMetadata } = settings
  const aws = `${awsUrl(settings)}/static/saml-metadata.xml`
  const brokers = spMetadata.map((place, i) => ({
    label: i === 0 ? 'Postern' : `Postern (${place})`,
    metadata: () => readDocument(place),
    // So that what Postern gets can be handed on to STS.
    audiences: ['urn:amazon:webservices'],
  }))
  const serviceProviders = [
    ...brokers,
    { label: 'The AWS console (sandbox)', metadata: () => readDocument(aws) },
  ]
  const key = keptSigningKey(folder, new Date())
  return await startSamlIdp({ port: idpPort, host, key, sealKey, serviceProviders })
}

async function startAws(
  settings: SandboxSettings,
  tokenKey: Buffer,
  idp: SamlIdp,
): Promise<Sandbox> {
  const { host, awsPort, folder, brokerUrl, providerMetadata, extraCa } = settings
  const { authority, revocationList } = await keptDemoPki(folder, new Date())
  const another = extraCa === undefined ? undefined : await readDocumentIfAny(extraCa)
  const world = withFederation(demoWorld, {
    brokerUrl,
    awsUrl: awsUrl(settings),
    idpMetadata: idp.metadata,
    brokerMetadata: () => readDocumentIfAny(providerMetadata),
    authorities: `${authority}\n${another ?? ''}`,
    revocationLists: revocationList,
  })
  const recordFile = join(folder, 'issued.jsonl')
  return await startSandbox({ port: awsPort, host, world, recordFile, tokenKey })
}

function awsUrl({ awsPort }: SandboxSettings): string {
  return `http://localhost:${awsPort}`
}

function explain(error: unknown, settings: SandboxSettings | undefined): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    const name =
      error.port === settings?.idpPort ? 'POSTERN_SANDBOX_IDP_PORT' : 'POSTERN_SANDBOX_AWS_PORT'
    return `port ${String(error.port)} of ${settings?.host ?? ''} is taken. Stop what uses it, or set ${name}.`
  }
  return error.message
}

let settings: SandboxSettings | undefined
try {
  settings = readSettings(process.env)
  await run(settings)
} catch (error) {
  process.stderr.write(`sandbox: ${explain(error, settings)}\n`)
  process.exitCode = 1
}
