/** What a demo certificate says. */
export interface DemoCertificate {
  /** The file is `<name>.pem`. */
  readonly name: string
  readonly commonName: string
  readonly alternativeNames: readonly {
    readonly type: 'upn' | 'email' | 'url' | 'dns' | 'ip'
    readonly value: string
  }[]
  readonly usage: 'client' | 'server'
  /** Of the moment at which it is made. */
  readonly days: { readonly from: number; readonly to: number }
  readonly revoked?: true
}

const year = { from: -1, to: 365 }
const alice = {
  commonName: 'alice',
  alternativeNames: [
    { type: 'upn', value: 'alice@corp.example' },
    { type: 'email', value: 'alice@corp.example' },
  ],
  usage: 'client',
} as const

/** The certificates of the demo. The expired and the revoked one are alice's too, so that nothing else refuses them. */
export const demoCertificates: readonly DemoCertificate[] = [
  { ...alice, name: 'alice', days: year },
  {
    name: 'bob',
    commonName: 'bob',
    alternativeNames: [
      { type: 'upn', value: 'bob@corp.example' },
      { type: 'email', value: 'bob@corp.example' },
    ],
    usage: 'client',
    days: year,
  },
  {
    name: 'machine',
    commonName: 'build-machine',
    alternativeNames: [{ type: 'url', value: 'spiffe://corp.example/machine/build' }],
    usage: 'client',
    days: year,
  },
  { ...alice, name: 'expired', days: { from: -30, to: -1 } },
  { ...alice, name: 'revoked', days: year, revoked: true },
  {
    name: 'server',
    commonName: 'localhost',
    alternativeNames: [
      { type: 'dns', value: 'localhost' },
      { type: 'ip', value: '127.0.0.1' },
      { type: 'ip', value: '::1' },
    ],
    usage: 'server',
    days: year,
  },
]
