import { readFileSync } from 'node:fs'
import type { Surroundings } from '../surroundings.ts'
import { awsFile, namedProfile } from './aws-file.ts'

/** What `~/.aws/config` says about reaching AWS. */
export interface SharedConfig {
  readonly caBundle?: string | undefined
  readonly endpoint?: string | undefined
  readonly useFips?: boolean | undefined
  readonly useDualStack?: boolean | undefined
  readonly maxAttempts?: string | undefined
}

type Section = ReadonlyMap<string, string>

const none: Section = new Map()

/**
 * The settings of the profile in use (AWS SDKs and Tools Reference Guide, "Shared config and credentials files"). A
 * file or profile that isn't there settles nothing: neither is needed to reach IAM Roles Anywhere.
 */
export function readSharedConfig(
  surroundings: Pick<Surroundings, 'env' | 'home' | 'platform'>,
): SharedConfig {
  let text: string
  try {
    text = readFileSync(awsFile('config', surroundings), 'utf8')
  } catch {
    return {}
  }
  const sections = sectionsOf(text)
  const profile = namedProfile(surroundings) ?? 'default'
  const own =
    sections.get(`profile ${profile}`) ??
    (profile === 'default' ? sections.get('default') : undefined) ??
    none
  const services = own.get('services')
  const ofService = services === undefined ? none : (sections.get(`services ${services}`) ?? none)
  return {
    caBundle: own.get('ca_bundle'),
    endpoint: ofService.get('rolesanywhere.endpoint_url') ?? own.get('endpoint_url'),
    useFips: own.get('use_fips_endpoint') === 'true',
    useDualStack: own.get('use_dualstack_endpoint') === 'true',
    maxAttempts: own.get('max_attempts'),
  }
}

/** Sections by name; what is indented below a key has that key's name and a dot before its own. */
export function sectionsOf(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  let parent = ''
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const header = /^\[\s*([^\]]*?)\s*\]/.exec(line)?.[1]
    if (header !== undefined) {
      const name = header.replace(/\s+/g, ' ')
      section = sections.get(name) ?? new Map<string, string>()
      sections.set(name, section)
      parent = ''
      continue
    }
    const [, indent = '', key = '', value = ''] =
      /^(\s*)([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (key === '' || !section) continue
    if (indent === '') parent = value === '' ? key : ''
    section.set(indent !== '' && parent !== '' ? `${parent}.${key}` : key, value)
  }
  return sections
}
