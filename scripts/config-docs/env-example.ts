import { environmentVariables, type EnvironmentVariable } from '../../src/config/env.ts'

/** Read by \`npm start\` alone. */
const demoVariables: readonly EnvironmentVariable[] = [
  {
    name: 'NODE_ENV',
    description: 'With production, npm start runs no sandbox and asks for POSTERN_CONFIG.',
    example: 'production',
  },
  { name: 'POSTERN_PORT', description: 'Port of the broker, unless 3000.', example: '3000' },
  {
    name: 'POSTERN_SANDBOX_AWS_PORT',
    description: 'Port of the emulated AWS, unless 3001.',
    example: '3001',
  },
  {
    name: 'POSTERN_SANDBOX_IDP_PORT',
    description: 'Port of the demo identity provider, unless 3002.',
    example: '3002',
  },
  {
    name: 'POSTERN_CERTIFICATE_PORT',
    description: 'Port of the demo for client certificates, unless 3443.',
    example: '3443',
  },
  {
    name: 'POSTERN_SANDBOX_DIR',
    description: 'Folder of configuration and state of the demo, unless .sandbox.',
    example: '/var/tmp/postern',
  },
  {
    name: 'POSTERN_DEMO_HOST',
    description:
      'Only in a container: 0.0.0.0 listens on all its addresses. Unless set, localhost.',
    example: '0.0.0.0',
  },
]

const head = `# Every environment variable that postern-server reads. Set none to try the sandbox with npm start.
# Node.js reads a copy of this file with: node --env-file=.env bin/postern-server.cjs
# Settings stand in the file that POSTERN_CONFIG names; docs/configuration.md lists them.
`

/** `.env.example`. */
export function envExample(): string {
  return `${head}${environmentVariables.map(entry).join('')}
# Only npm start reads these, and only without POSTERN_CONFIG.
${demoVariables.map(entry).join('')}`
}

function entry({ name, description, example }: EnvironmentVariable): string {
  return `\n# ${description}\n#${name}=${example ?? ''}\n`
}
