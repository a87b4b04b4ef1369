import type { ActiveDirectoryMethodConfig, LdapMethodConfig } from './directory-method-config.ts'
import type { DocumentSettings } from './schema/document.ts'

type Method = DocumentSettings['signIn'][number]
type ActiveDirectory = Extract<Method, { type: 'active-directory' }>
type Ldap = Extract<Method, { type: 'ldap' }>

/** Active Directory with its defaults. */
export function activeDirectoryOf(method: ActiveDirectory): ActiveDirectoryMethodConfig {
  const { type, bind, realm, netbiosDomain, groups } = method
  return {
    type,
    ...commonOf(method),
    label: method.label ?? 'Windows user name and password',
    bind:
      bind.as === 'user'
        ? { kind: 'as-user' }
        : { kind: 'service-account', name: bind.name, password: bind.password },
    realm,
    netbiosDomain,
    groups: { as: groups.as, baseDn: groups.baseDn },
  }
}

/** A plain LDAP directory with its defaults. */
export function ldapOf(method: Ldap): LdapMethodConfig {
  const { type, bind, groups } = method
  return {
    type,
    ...commonOf(method),
    label: method.label ?? 'Company name and password',
    bind: { kind: 'service-account', ...bind },
    groups,
  }
}

function commonOf(method: ActiveDirectory | Ldap) {
  const { id, people = id, urls, startTls, ca, baseDn, attributes, recheck, timeouts } = method
  return {
    id,
    people,
    urls,
    startTls,
    ca,
    baseDn,
    attributes,
    recheck: recheck * 1000,
    timeouts: { connect: timeouts.connect * 1000, answer: timeouts.answer * 1000 },
  }
}
