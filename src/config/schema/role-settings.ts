import { z } from 'zod'
import { duration } from './duration.ts'
import { region } from './issuers.ts'
import { policy, policyArns } from './policy.ts'
import { choice, template, text } from './scalars.ts'
import { identifier } from './sign-in.ts'
import { url } from './url.ts'

const nameTemplate = template(
  /^[\w+=,.@-]*$/,
  'letters, digits and _+=,.@- around the variables (STS takes no others)',
)
const tagTemplate = template(
  /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
  'letters, digits, spaces and _.:/=+-@ around the variables (STS takes no others)',
)
const tagKey = z
  .string()
  .regex(
    /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu,
    'a tag key of letters, digits, spaces and _.:/=+-@ that does not start with aws:',
  )

/** 900 to 43200 seconds: what STS and the federation endpoint take. */
const range = z.strictObject({
  default: duration(900, 43_200).optional().describe('Unless the person chooses.'),
  max: duration(900, 43_200).optional().describe('The most that the person may choose.'),
})

/** What `roles`, `defaults` and grants by pattern have in common. */
export const roleSettings = {
  issuer: identifier
    .optional()
    .describe('Which of the issuers gets the credentials; needed when there are several.'),
  duration: z
    .strictObject({
      credentials: range
        .optional()
        .describe(
          'The credentials. Unless set: 1h, and at most 1h. Keep max within the role in AWS.',
        ),
      console: range
        .optional()
        .describe(
          "The console session. Unless set: 12h, and at most 12h. AWS allows it beyond the role's own maximum.",
        ),
    })
    .optional()
    .describe('How long sessions last, from 15m to 12h.'),
  sessionName: nameTemplate
    .optional()
    .describe(
      'Role session name, which CloudTrail shows. Unless set: ${name}, or ${people}+${name} with several populations.',
    ),
  sourceIdentity: nameTemplate
    .optional()
    .describe('Source identity; the trust policy must then allow sts:SetSourceIdentity.'),
  tags: z
    .record(tagKey, tagTemplate)
    .refine((tags) => Object.keys(tags).length <= 50, 'at most 50 tags')
    .refine(
      (tags) =>
        new Set(Object.keys(tags).map((key) => key.toLowerCase())).size ===
        Object.keys(tags).length,
      'tag keys that differ in more than case',
    )
    .optional()
    .describe('Session tags; the trust policy must then allow sts:TagSession.'),
  transitiveTags: z
    .array(text({ max: 128 }))
    .max(50)
    .optional()
    .describe('Keys among tags that stay through role chaining.'),
  policy: policy.optional().describe('Session policy: a mapping, or JSON by ${file:path}.'),
  policyArns: policyArns.optional().describe('ARNs of managed policies used as session policies.'),
  externalId: text({
    max: 1224,
    pattern: /^[\w+=,.@:/-]{2,}$/,
    expected: 'an external ID of 2 to 1224 letters, digits and _+=,.@:/-',
  })
    .optional()
    .describe('External ID that the trust policy asks for.'),
  startPage: url('an https address of the AWS console')
    .optional()
    .describe('Console page that opens unless a destination is asked for.'),
  region: region.optional().describe('Region offered first, and used for STS.'),
  portalLink: choice(['ask', 'direct'])
    .optional()
    .describe('Whether the portal link asks for one click (ask) or issues at once (direct).'),
  description: text({ max: 256 }).optional().describe('One line for the roles page.'),
}

export const defaults = z
  .strictObject(roleSettings)
  .omit({ description: true, startPage: true })
  .prefault({})
  .describe('Settings of every role that does not set its own.')

export type RoleSettings = z.output<z.ZodObject<typeof roleSettings>>
