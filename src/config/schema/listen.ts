import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import { keyPairFault } from '../key-pair.ts'
import { integer, longText, secret, text } from './scalars.ts'
import { url } from './url.ts'

export const listenHost = text({
  max: 253,
  pattern: /^[0-9A-Za-z.:-]+$/,
  expected: 'an IP address, or localhost for both loopback addresses',
})

/** Where people reach Postern. */
export const publicUrl = url(
  'the address where people reach Postern, such as https://aws.corp.example, without a path',
  ({ pathname, search }) => pathname === '/' && search === '',
).meta({
  description: 'Where people reach Postern. http is for loopback addresses only.',
  examples: ['https://aws.corp.example'],
})

export const listen = z
  .strictObject({
    host: listenHost
      .default('127.0.0.1')
      .describe('Address to listen on; localhost means both loopback addresses.'),
    port: integer(0, 65_535).meta({
      description: 'Port to listen on; 0 takes a free one.',
      examples: [8443],
    }),
    tls: z
      .strictObject({
        certificate: longText().meta({
          description: 'Certificate and its chain in PEM.',
          examples: ['${file:tls/certificate.pem}'],
        }),
        key: secret({ expected: 'a private key in PEM' }).meta({
          description: 'Its private key in PEM.',
          examples: ['${file:tls/key.pem}'],
        }),
      })
      .superRefine((pair, context) => {
        const fault = keyPairFault(pair.certificate, pair.key)
        if (fault) context.addIssue({ code: 'custom', ...fault })
      })
      .optional()
      .describe('Left out, Postern speaks http, for a proxy in front of it or for loopback.'),
  })
  .describe('The main listener.')

export const operations = z
  .strictObject({
    host: listenHost.default('127.0.0.1').describe('Address of the listener.'),
    port: integer(0, 65_535).default(9464).describe('Port of the listener.'),
  })
  .prefault({})
  .describe('A listener of its own for metrics and detailed health; keep it from the public.')

export const cidr = text({ max: 50 }).refine(isCidr, {
  error: 'an IP address or a CIDR block, such as 10.0.0.0/8',
})

export const trustedProxies = z
  .array(cidr)
  .max(1000)
  .default([])
  .meta({
    description:
      'Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, as addresses or CIDR blocks.',
    examples: [['10.0.0.0/8']],
  })

function isCidr(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  if (prefix === undefined) return true
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (family === 4 ? 32 : 128)) return false
  // A zone or an odd form that isIP takes and the list does not.
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6')
    return true
  } catch {
    return false
  }
}
