import type { Advice } from './advice.ts'

const denied = /^AccessDenied(?:Exception)?$/

/** Refusals of CreateSession (IAM Roles Anywhere User Guide, "Troubleshooting", and what its clients report). */
export const rolesAnywhereAdvice: readonly Advice[] = [
  {
    code: denied,
    message: /Invalid signature|signature (?:expired|not yet current)/i,
    says: "AWS refused Postern's signature.",
    causes: [
      'The clock of this machine is wrong, or a proxy on the way changes the request.',
      'The private key does not belong to the certificate.',
    ],
    remedies: [
      'Let NTP set the clock, let the proxy pass requests to AWS as they are, and compare key and certificate.',
    ],
  },
  {
    code: denied,
    message: /Untrusted signing certificate/i,
    says: 'AWS does not trust the certificate that Postern signs with.',
    causes: [
      'No way leads from the certificate to the trust anchor: an intermediate certificate is missing, or the anchor is another CA.',
      'The certificate has expired.',
    ],
    remedies: [
      'Give the issuer the `intermediates`, or renew the certificate.',
      'Compare the CA of the trust anchor with the issuer of the certificate.',
    ],
  },
  {
    code: denied,
    message: /Insufficient certificate/i,
    says: 'AWS does not take a certificate of this kind.',
    causes: [
      'The certificate is one of a CA, lacks the key usage digitalSignature, has an empty subject, or is signed with SHA-1.',
    ],
    remedies: ['Issue an end-entity certificate with the key usage digitalSignature and SHA-256.'],
  },
  {
    code: denied,
    message: /not valid now|certificate (?:has )?expired/i,
    says: 'The certificate that Postern signs with is not valid now.',
    causes: ['It has expired or is of the future, or the clock of whoever issued it was wrong.'],
    remedies: ['Give Postern a certificate that is valid now. Its file is read again by itself.'],
  },
  {
    code: denied,
    message: /Certificate revoked/i,
    says: 'The certificate that Postern signs with has been revoked.',
    causes: ['A CRL that was imported into IAM Roles Anywhere names its serial number.'],
    remedies: ['Give Postern a new certificate.'],
  },
  {
    code: denied,
    message: /Not authorized to set roleSessionName/i,
    says: 'AWS does not let Postern name the role session.',
    causes: ['The profile in IAM Roles Anywhere does not accept role session names.'],
    remedies: [
      'Set acceptRoleSessionName on the profile, so that CloudTrail names the person.',
      'Or set `sendSessionName: false` for the issuer; AWS then uses the serial number of the certificate.',
    ],
  },
  {
    code: denied,
    message: /exceeds the MaxSessionDuration/i,
    says: 'AWS refused the duration: it is more than the role allows.',
    causes: [
      "The role's maximum session duration in IAM is shorter than that of the profile and of the configuration.",
    ],
    remedies: [
      "Raise the role's maximum session duration in IAM, or lower `duration.credentials.max` of the role in the configuration.",
    ],
  },
  {
    code: denied,
    message: /attributes failed to be mapped into session tags/i,
    says: 'AWS does not let IAM Roles Anywhere assume this role.',
    causes: [
      "The role's trust policy has a condition on a session tag that AWS could not make: the attribute of the certificate has characters that tags can not have.",
    ],
    remedies: [
      "AWS's message names the attributes. Correct the certificate, or the condition in the trust policy.",
    ],
  },
  {
    code: denied,
    message: /Unable to assume role/i,
    says: 'AWS does not let IAM Roles Anywhere assume this role.',
    causes: [
      "The role's trust policy does not allow rolesanywhere.amazonaws.com, or lacks sts:TagSession or sts:SetSourceIdentity beside sts:AssumeRole.",
      'A condition in it is not met: another trust anchor, or another subject of the certificate.',
      'The profile does not list the role, or there is no role of that name.',
    ],
    remedies: [
      'Compare trust policy and profile with what postern-server aws-setup prints.',
      'Check account, path and name of the role; AWS minds upper and lower case.',
    ],
  },
  {
    code: denied,
    says: 'IAM Roles Anywhere refused the role session.',
    causes: ['The trust anchor or the profile is disabled, or the profile does not list the role.'],
    remedies: ["Compare AWS's message with trust anchor, profile and trust policy."],
  },
  {
    code: /^ResourceNotFoundException$/,
    says: 'AWS does not know the trust anchor or the profile.',
    causes: ['Its ARN in the configuration is wrong, or it was deleted.'],
    remedies: ['Correct `trustAnchorArn` and `profileArn` of the issuer.'],
  },
  {
    code: /^ValidationException$/,
    says: 'AWS refused a value that it was sent.',
    causes: [
      'A setting of the role or issuer in the configuration does not meet the rules of AWS.',
    ],
    remedies: ["AWS's message names the value. Correct it in the configuration."],
  },
]
