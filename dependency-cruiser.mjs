// Who may import whom. Read it top to bottom: each stage sees itself, the stages before it, and the kernel.
const kernel = ['errors\\.ts$', 'effects\\.ts$', 'audit/audit-event\\.ts$', 'telemetry/(logger|redact-text)\\.ts$']
const who = 'identity/identity\\.ts$'
const value = 'credentials/credentials\\.ts$'
const may = (from, ...to) => ({ from: { path: `^src/${from}` }, to: { path: to.map((t) => `^src/${t}`) } })
const folder = (name, ...others) => may(`${name}/`, `${name}/`, ...others, ...kernel)

export default {
  allowed: [
    // shared by several stages; they know no stage
    folder('credentials'),
    folder('keys'),
    folder('rolesanywhere', 'keys/', value),
    // the pipeline
    folder('identity', 'keys/'),
    folder('entitlements', who),
    folder('issuers', who, 'identity/saml/(saml-names|saml-instant|random-id|xml/xml-characters)\\.ts$', 'entitlements/', 'rolesanywhere/', 'keys/', value),
    folder('console', 'entitlements/', 'issuers/(unreachable|no-answer)\\.ts$', value),
    may('role-session\\.ts$', 'entitlements/', 'console/console-sign-in\\.ts$', value, ...kernel),
    may('broker(/|\\.ts$)', 'broker/', who, 'role-session\\.ts$', 'entitlements/', 'issuers/issuer\\.ts$', 'console/', value, ...kernel),
    // adapters: interfaces live beside their users, in files named *-store.ts
    folder('config', 'entitlements/', 'identity/directory/controller-address\\.ts$'),
    folder('state', '.*-store\\.ts$', who),
    folder('audit'),
    folder('telemetry', 'issuers/issuer\\.ts$', 'console/console-sign-in\\.ts$'),
    folder('contract', 'entitlements/arn\\.ts$'),
    // the three faces
    folder('web', 'broker\\.ts$', 'role-session\\.ts$', 'contract/', 'credentials/', 'identity/', 'entitlements/'),
    folder('cli', 'contract/', 'credentials/', 'rolesanywhere/', 'keys/', 'entitlements/arn\\.ts$', 'console/partition-hosts\\.ts$'),
    may('admin/', '(?!web/|cli/)'),
    may('(compose/|(compose|main|serve)\\.ts$)', ''),
    { from: { path: '^(sandbox|test|bench|scripts)/' }, to: {} },
    { from: {}, to: { pathNot: '^(src|sandbox|test|bench|scripts)/' } },
  ],
  allowedSeverity: 'error',
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'sandbox-not-in-production', severity: 'error', from: { path: '^src/' }, to: { path: '^(sandbox|test|bench|scripts)/' } },
    {
      name: 'sandbox-shares-no-code',
      severity: 'error',
      from: { path: '^(sandbox|scripts)/', pathNot: '^scripts/config-docs/' },
      to: { path: '^src/' },
    },
    { name: 'aws-sdk-only-in-issuers', severity: 'error', from: { path: '^src/', pathNot: '^src/issuers/' }, to: { path: 'node_modules/@aws-sdk/' } },
    {
      name: 'http-framework-only-in-web',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/web/' },
      to: { path: 'node_modules/(express|express-session|passport|ejs|helmet)/' },
    },
    { name: 'errors-import-nothing', severity: 'error', from: { path: '^src/errors\\.ts$' }, to: { path: 'node_modules/' } },
  ],
  options: { doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' } },
}
