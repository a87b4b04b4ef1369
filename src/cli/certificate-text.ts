import type { X509Certificate } from 'node:crypto'

// The order in which AWS's helper writes a name, and the short names of its parts (RFC 4514 §3).
const order = ['serialNumber', 'CN', 'postalCode', 'street', 'ST', 'L', 'OU', 'O', 'C'] as const
const spelled: Readonly<Record<string, string>> = {
  serialNumber: 'SERIALNUMBER',
  postalCode: 'POSTALCODE',
  street: 'STREET',
}

/**
 * A distinguished name as AWS's helper prints and compares it: a fixed order, values of one type joined by `+`, escapes
 * of RFC 2253. What is not one of its nine types stands behind them.
 */
export function nameText(name: string): string {
  const parts = partsOf(name)
  const types = [...new Set([...order, ...parts.map(([type]) => type)])]
  return types
    .flatMap((type) => {
      const values = parts.filter(([found]) => found === type).map(([, value]) => value)
      const label = spelled[type] ?? type
      return values.length === 0
        ? []
        : [values.map((value) => `${label}=${escaped(value)}`).join('+')]
    })
    .join(',')
}

/** Subject, issuer and the rest of a listed certificate, a line each. */
export function listing(certificate: X509Certificate, number: number, uri?: string): string {
  return [
    `${number}) Hex Fingerprint: ${certificate.fingerprint.replaceAll(':', '').toLowerCase()}`,
    `Subject: ${nameText(certificate.subject)}`,
    `Issuer: ${nameText(certificate.issuer)}`,
    `Serial Number: ${certificate.serialNumber}`,
    ...(uri === undefined ? [] : [`URI: ${uri}`]),
    '',
    '',
  ].join('\n')
}

// Node writes a line for each relative name, `+` between the values of one, and escapes as RFC 2253 does.
function partsOf(name: string): [string, string][] {
  return name.split('\n').flatMap((line) =>
    line.split(/ \+ (?=[A-Za-z0-9.]+=)/).flatMap((part): [string, string][] => {
      const equals = part.indexOf('=')
      return equals < 1 ? [] : [[part.slice(0, equals), unescaped(part.slice(equals + 1))]]
    }),
  )
}

function unescaped(value: string): string {
  const bytes = value.replace(/\\([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return bytes.replace(/\\(.)/g, '$1')
}

function escaped(value: string): string {
  return value
    .replace(/[,+"\\<>;]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
    .replace(/\p{Cc}/gu, '?')
}
