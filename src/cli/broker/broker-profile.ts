import { sectionsOf } from '../aws-files/shared-config.ts'
import { editSection } from '../aws-files/edit-profile.ts'

/** A profile of ~/.aws/config that asks a broker. */
export interface BrokerProfile {
  readonly name: string
  /** The line of credential_process. */
  readonly command: string
  /** Written where the profile has none. */
  readonly region: string | undefined
}

/** Profiles that stand in the file already and are not ours: they have no credential_process that asks a broker. */
export function foreignProfiles(file: Buffer, names: readonly string[]): readonly string[] {
  const sections = sectionsOf(file.toString('utf8'))
  return names.filter((name) => {
    const section = sections.get(sectionOf(name))
    if (!section || section.size === 0) return false
    const command = section.get('credential_process') ?? ''
    return !/ credential-process .*--broker /.test(`${command} `)
  })
}

/** The file with the profiles in it, and every other byte as it was. */
export function withProfiles(file: Buffer, profiles: readonly BrokerProfile[]): Buffer {
  const before = sectionsOf(file.toString('utf8'))
  return profiles.reduce((text, { name, command, region }) => {
    const section = sectionOf(name)
    const wantsRegion = region !== undefined && !before.get(section)?.has('region')
    return editSection(text, {
      section,
      set: [['credential_process', command], ...(wantsRegion ? [['region', region] as const] : [])],
    })
  }, file)
}

function sectionOf(name: string): string {
  return name === 'default' ? 'default' : `profile ${name}`
}
