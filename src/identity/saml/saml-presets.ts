import { samlDefaults, type SamlAttributeNames, type SamlSettings } from './saml-settings.ts'

/** The identity providers whose defaults we know. */
export type SamlPresetName = 'adfs' | 'entra' | 'okta' | 'keycloak' | 'google' | 'shibboleth'

/** What a provider needs beside the defaults. */
export type SamlPreset = Partial<Pick<SamlSettings, 'signed' | 'nameIdFormat' | 'attributes'>>

const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'

function attributes(names: Partial<SamlAttributeNames>): SamlAttributeNames {
  return { ...samlDefaults.attributes, ...names }
}

/** Attribute names and switches per product; each can be overridden. */
export const samlPresets: Readonly<Record<SamlPresetName, SamlPreset>> = {
  // Signs the assertion alone unless told otherwise, and sends what its claim rules name.
  adfs: {
    attributes: attributes({
      name: [
        `${claims}/upn`,
        'http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname',
      ],
      displayName: ['http://schemas.xmlsoap.org/claims/CommonName', `${claims}/name`],
      email: [`${claims}/emailaddress`],
      groups: [
        'http://schemas.xmlsoap.org/claims/Group',
        'http://schemas.microsoft.com/ws/2008/06/identity/claims/role',
      ],
    }),
  },
  // The object ID is the only claim that stays when somebody is renamed.
  entra: {
    attributes: attributes({
      id: ['http://schemas.microsoft.com/identity/claims/objectidentifier'],
      name: [`${claims}/name`],
      displayName: ['http://schemas.microsoft.com/identity/claims/displayname'],
      email: [`${claims}/emailaddress`],
      groups: ['http://schemas.microsoft.com/ws/2008/06/identity/claims/groups'],
    }),
  },
  okta: {
    signed: 'both',
    attributes: attributes({
      name: ['login', 'username'],
      displayName: ['displayName'],
      email: ['email'],
      groups: ['groups'],
    }),
  },
  // Signs the document; roles come as one Attribute each, all of the same name.
  keycloak: {
    nameIdFormat: persistent,
    attributes: attributes({
      name: ['username', 'urn:oid:0.9.2342.19200300.100.1.1'],
      email: ['email', 'urn:oid:1.2.840.113549.1.9.1'],
      groups: ['member', 'groups', 'Role'],
    }),
  },
  google: {
    attributes: attributes({ email: ['email'], groups: ['groups', 'memberOf'] }),
  },
  // Names from the eduPerson and X.500 profiles; assertions come encrypted.
  shibboleth: {
    attributes: attributes({
      id: ['urn:oasis:names:tc:SAML:attribute:subject-id', 'urn:oid:1.3.6.1.4.1.5923.1.1.1.6'],
      name: ['urn:oid:0.9.2342.19200300.100.1.1', 'urn:oid:1.3.6.1.4.1.5923.1.1.1.6'],
      displayName: ['urn:oid:2.16.840.1.113730.3.1.241'],
      email: ['urn:oid:0.9.2342.19200300.100.1.3'],
      groups: ['urn:oid:1.3.6.1.4.1.5923.1.5.1.1', 'urn:oid:1.3.6.1.4.1.5923.1.1.1.9'],
    }),
  },
}
