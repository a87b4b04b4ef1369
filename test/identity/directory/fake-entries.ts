import {
  AndFilter,
  EqualityFilter,
  type Filter,
  OrFilter,
  PresenceFilter,
  type SearchRequest,
} from 'ldapts'
import { writeGuid } from '../../../src/identity/directory/guid.ts'
import { writeSid } from '../../../src/identity/directory/sid.ts'

/** An entry of the fake directory. Attribute names are as a server writes them. */
export interface FakeEntry {
  readonly dn: string
  /** Other names that it binds as. */
  readonly bindsAs?: readonly string[]
  readonly password?: string
  readonly attributes: Readonly<Record<string, readonly (string | Buffer)[]>>
}

/** Whether a search gives an entry: RFC 4511 §4.5.1, as far as Postern asks. */
export function matches({ dn, attributes }: FakeEntry, request: SearchRequest): boolean {
  const [entry, base] = [dn.toLowerCase(), request.baseDN.toLowerCase()]
  const inScope = entry === base || (request.scope === 'sub' && entry.endsWith(`,${base}`))
  const values = new Map(
    Object.entries(attributes).map(([name, all]) => [name.toLowerCase(), all] as const),
  )
  return inScope && holds(request.filter, values)
}

function holds(filter: Filter, values: ReadonlyMap<string, readonly (string | Buffer)[]>): boolean {
  if (filter instanceof AndFilter) return filter.filters.every((one) => holds(one, values))
  if (filter instanceof OrFilter) return filter.filters.some((one) => holds(one, values))
  if (filter instanceof PresenceFilter) return true
  if (!(filter instanceof EqualityFilter)) return false
  const wanted = filter.value.toString().toLowerCase()
  const has = values.get(filter.attribute.toLowerCase()) ?? []
  return has.some((value) => value.toString().toLowerCase() === wanted)
}

export const base = 'DC=corp,DC=example'
const domainSid = 'S-1-5-21-1-2-3'

export function bytesOfSid(end: string): Buffer {
  return writeSid(end.startsWith('S-') ? end : `${domainSid}-${end}`) ?? Buffer.alloc(0)
}

export const guids = {
  alice: '00112233-4455-6677-8899-aabbccddeeff',
  other: 'ffeeddcc-bbaa-9988-7766-554433221100',
}

/** Somebody in Active Directory whose account may be used. */
export function windowsPerson(
  account: string,
  more: Readonly<Record<string, readonly (string | Buffer)[]>> = {},
  guid: string = guids.alice,
): FakeEntry {
  return {
    dn: `CN=${account},OU=People,${base}`,
    bindsAs: [`${account}@corp.example`],
    password: 'right',
    attributes: {
      objectClass: ['top', 'person', 'user'],
      objectCategory: ['person'],
      objectGUID: [writeGuid(guid) ?? Buffer.alloc(0)],
      objectSid: [bytesOfSid('1104')],
      sAMAccountName: [account],
      userPrincipalName: [`${account}@corp.example`],
      userAccountControl: ['512'],
      'msDS-User-Account-Control-Computed': ['0'],
      accountExpires: ['9223372036854775807'],
      tokenGroups: [bytesOfSid('513'), bytesOfSid('1110')],
      ...more,
    },
  }
}

/** The service account, and what a domain says of itself. */
export function windowsDomain(lockoutThreshold = '0'): FakeEntry[] {
  return [
    {
      dn: `CN=svc,${base}`,
      bindsAs: ['svc@corp.example'],
      password: 'service',
      attributes: {},
    },
    { dn: '', attributes: { defaultNamingContext: [base] } },
    {
      dn: base,
      attributes: {
        lockoutThreshold: [lockoutThreshold],
        lockOutObservationWindow: ['-18000000000'],
      },
    },
  ]
}

export function windowsGroup(cn: string, rid: string): FakeEntry {
  return {
    dn: `CN=${cn},OU=Groups,${base}`,
    attributes: { objectClass: ['top', 'group'], objectSid: [bytesOfSid(rid)] },
  }
}
