/** The environment as it was at the start. */
export type Environment = Readonly<Record<string, string | undefined>>

/** One variable that Postern or what it is built on reads. */
export interface EnvironmentVariable {
  readonly name: string
  readonly description: string
  /** A value to show; undefined where the variable is a secret. */
  readonly example: string | undefined
}

/** Every variable that postern-server reads, for `.env.example` and the docs. */
export const environmentVariables: readonly EnvironmentVariable[] = [
  {
    name: 'POSTERN_CONFIG',
    description:
      'Path of the configuration file. Without it, postern-server does not start, and npm start runs the sandbox.',
    example: './postern.yaml',
  },
  {
    name: 'HTTPS_PROXY',
    description: 'Proxy for calls to https addresses, AWS above all. https_proxy counts as well.',
    example: 'http://proxy.corp.example:3128',
  },
  {
    name: 'HTTP_PROXY',
    description:
      'Proxy for calls to http addresses, which only a sandbox has. http_proxy counts as well.',
    example: 'http://proxy.corp.example:3128',
  },
  {
    name: 'NO_PROXY',
    description:
      'Hosts that are asked without the proxy, comma-separated. no_proxy counts as well.',
    example: 'localhost,127.0.0.1,.corp.example',
  },
  {
    name: 'NODE_EXTRA_CA_CERTS',
    description:
      'PEM file of further authorities that Node.js trusts. The setting network.ca does the same in the configuration.',
    example: '/etc/ssl/corp-ca.pem',
  },
  {
    name: 'KRB5_KTNAME',
    description:
      'Keytab for sign-in by Kerberos, unless the method names one. Read by the Kerberos library, as is KRB5RCACHENAME.',
    example: '/etc/postern/http.keytab',
  },
  {
    name: 'KRB5_CONFIG',
    description: 'Configuration of the Kerberos library, unless /etc/krb5.conf.',
    example: '/etc/krb5.conf',
  },
  {
    name: 'AWS_ACCESS_KEY_ID',
    description: 'Base credentials of an issuer whose source is environment. Read by the AWS SDK.',
    example: undefined,
  },
  {
    name: 'AWS_SECRET_ACCESS_KEY',
    description: 'Belongs to AWS_ACCESS_KEY_ID.',
    example: undefined,
  },
  {
    name: 'AWS_SESSION_TOKEN',
    description: 'Belongs to AWS_ACCESS_KEY_ID where that is a temporary one.',
    example: undefined,
  },
  {
    name: 'AWS_PROFILE',
    description:
      'Profile that the AWS SDK takes base credentials from where the source is environment. A source of type profile names its own.',
    example: 'postern',
  },
  {
    name: 'AWS_CONFIG_FILE',
    description: 'Where the AWS SDK looks for profiles, unless ~/.aws/config.',
    example: '/etc/postern/aws-config',
  },
  {
    name: 'AWS_SHARED_CREDENTIALS_FILE',
    description: 'Where the AWS SDK looks for keys of profiles, unless ~/.aws/credentials.',
    example: '/etc/postern/aws-credentials',
  },
]

/** The real environment. The only place that looks at it. */
export function readEnvironment(): Environment {
  return Object.freeze({ ...process.env })
}

/** Tells the Kerberos library, which reads the environment by itself, where the keytab is. For the whole process. */
export function nameKeytab(path: string): void {
  process.env['KRB5_KTNAME'] = `FILE:${path}`
}

/** Proxies as the environment names them; lower case wins, as in curl. */
export function proxiesOf(env: Environment): {
  readonly http: string | undefined
  readonly https: string | undefined
  readonly no: string | undefined
} {
  const either = (name: string): string | undefined =>
    [env[name.toLowerCase()], env[name]].find((value) => value !== undefined && value !== '')
  return { http: either('HTTP_PROXY'), https: either('HTTPS_PROXY'), no: either('NO_PROXY') }
}
