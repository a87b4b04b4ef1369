import type { PathFault } from '../issue-faults.ts'
import type { Entry, MethodFields, Readable } from '../readable.ts'
import type { Path } from '../yaml.ts'

type Proxy = NonNullable<MethodFields['proxy']>

/** Which headers each format has; AWS fixes the names of its own. */
const headersOf: Readonly<Record<Proxy['format'], readonly string[]>> = {
  nginx: ['certificate', 'verify'],
  haproxy: ['certificate', 'used', 'verify'],
  envoy: ['certificate'],
  'alb-verify': ['certificate'],
  'alb-passthrough': ['certificate'],
  rfc9440: ['certificate', 'chain'],
}

/** Settings of a proxy that contradict each other. */
export function proxyFaults(
  { path, value: { proxy } }: Entry<MethodFields>,
  { ownTls }: Readable,
): readonly PathFault[] {
  if (!proxy) return []
  const at: Path = [...path, 'proxy']
  return [...proofFaults(at, proxy, ownTls), ...headerFaults(at, proxy)]
}

function proofFaults(at: Path, proxy: Proxy, ownTls: boolean): readonly PathFault[] {
  const { secret, authorities, addressAlone, format } = proxy
  const proofs = [secret, authorities, addressAlone || undefined].filter((proof) => proof)
  if (proofs.length !== 1) {
    const found = proofs.length === 0 ? 'no proof of the proxy' : 'several proofs of the proxy'
    return [{ path: at, found, expected: 'one of secret and authorities' }]
  }
  if (addressAlone && !format.startsWith('alb-'))
    return [
      {
        path: [...at, 'addressAlone'],
        found: `true, with the format ${format}`,
        expected: 'secret or authorities; the address alone is for the formats of AWS',
      },
    ]
  if (authorities && !ownTls)
    return [
      {
        path: [...at, 'authorities'],
        found: 'authorities of a proxy, and a main listener without tls',
        expected: 'listen.tls too, because the proxy shows its certificate there',
      },
    ]
  return []
}

function headerFaults(at: Path, { format, headers, secretHeader }: Proxy): readonly PathFault[] {
  const known = headersOf[format]
  const named = Object.entries(headers).flatMap(([part, name]) =>
    name === undefined ? [] : [{ part, name: name.toLowerCase() }],
  )
  return named.flatMap(({ part, name }, index) => {
    const path = [...at, 'headers', part]
    if (!known.includes(part))
      return [
        {
          path,
          found: `${part}, with the format ${format}`,
          expected: `one of ${known.join(', ')}`,
        },
      ]
    const others = [secretHeader.toLowerCase(), ...named.slice(0, index).map((other) => other.name)]
    return others.includes(name)
      ? [{ path, found: `${JSON.stringify(name)} a second time`, expected: 'a header of its own' }]
      : []
  })
}
