import { BlockList, isIP } from 'node:net'
import { wildcardMatches } from './wildcard.ts'

/** A test of one value against another; `negated` ones hold when no value matches. */
export interface Comparison {
  readonly compare: (value: string, wanted: string) => boolean
  readonly negated: boolean
}

const ignoringCase = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
const numbers =
  (test: (a: number, b: number) => boolean) =>
  (a: string, b: string): boolean =>
    a !== '' && b !== '' && test(Number(a), Number(b))
const dates =
  (test: (a: number, b: number) => boolean) =>
  (a: string, b: string): boolean =>
    test(instant(a), instant(b))

/** AWS IAM User Guide, reference_policies_elements_condition_operators. What isn't here can't be judged. */
const tests: readonly (readonly [name: string, not: string, compare: Comparison['compare']])[] = [
  ['StringEquals', 'StringNotEquals', (a, b) => a === b],
  ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', ignoringCase],
  ['StringLike', 'StringNotLike', (a, b) => wildcardMatches(b, a)],
  ['ArnEquals', 'ArnNotEquals', arnMatches],
  ['ArnLike', 'ArnNotLike', arnMatches],
  ['NumericEquals', 'NumericNotEquals', numbers((a, b) => a === b)],
  ['NumericLessThan', '', numbers((a, b) => a < b)],
  ['NumericLessThanEquals', '', numbers((a, b) => a <= b)],
  ['NumericGreaterThan', '', numbers((a, b) => a > b)],
  ['NumericGreaterThanEquals', '', numbers((a, b) => a >= b)],
  ['DateEquals', 'DateNotEquals', dates((a, b) => a === b)],
  ['DateLessThan', '', dates((a, b) => a < b)],
  ['DateLessThanEquals', '', dates((a, b) => a <= b)],
  ['DateGreaterThan', '', dates((a, b) => a > b)],
  ['DateGreaterThanEquals', '', dates((a, b) => a >= b)],
  ['Bool', '', ignoringCase],
  ['IpAddress', 'NotIpAddress', inNetwork],
]

export const operators: ReadonlyMap<string, Comparison> = new Map(
  tests.flatMap(([name, not, compare]) => {
    const positive: [string, Comparison] = [name, { compare, negated: false }]
    const negative: [string, Comparison] = [not, { compare, negated: true }]
    return not === '' ? [positive] : [positive, negative]
  }),
)

function arnMatches(value: string, wanted: string): boolean {
  const [ours, theirs] = [value.split(':'), wanted.split(':')]
  if (ours.length < 6 || theirs.length < 6) return false
  const parts = (arn: string[]): string[] => [...arn.slice(0, 5), arn.slice(5).join(':')]
  const values = parts(ours)
  return parts(theirs).every((part, i) => wildcardMatches(part, values[i] ?? ''))
}

function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}

function inNetwork(address: string, network: string): boolean {
  const [base = '', bits] = network.split('/')
  const family = isIP(base) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(base) === 0 || isIP(address) !== isIP(base)) return false
  const length = bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits)
  const list = new BlockList()
  try {
    list.addSubnet(base, length, family)
  } catch {
    return false
  }
  return list.check(address, family)
}
