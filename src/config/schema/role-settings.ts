import { z } from 'zod'
import { duration } from './duration.ts'
import { identifier } from './identifier.ts'
import { region } from './region.ts'
import { policy, policyArns } from './policy.ts'
import { choice, template, text } from './scalars.ts'
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
  issuer: identifier.optional().meta({
    description: 'Which of the issuers gets the credentials; needed when there are several.',
    examples: ['hub'],
  }),
  duration: z
    .strictObject({
      credentials: range.optional().meta({
        description:
          'The credentials. Unless set: 1h, and at most 1h. Keep max within the role in AWS.',
        examples: [{ default: '1h', max: '4h' }],
      }),
      console: range.optional().meta({
        description:
          "The console session. Unless set: 12h, and at most 12h. AWS allows it beyond the role's own maximum.",
        examples: [{ default: '8h', max: '12h' }],
      }),
    })
    .optional()
    .describe('How long sessions last, from 15m to 12h.'),
  sessionName: nameTemplate.optional().meta({
    description:
      'Role session name, which CloudTrail shows. Unless set: ${name}, or ${people}+${name} with several populations.',
    examples: ['${name}'],
  }),
  sourceIdentity: nameTemplate.optional().meta({
    description: 'Source identity; the trust policy must then allow sts:SetSourceIdentity.',
    examples: ['${name}'],
  }),
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
    .meta({
      description: 'Session tags; the trust policy must then allow sts:TagSession.',
      examples: [{ Team: '${attribute.team}' }],
    }),
  transitiveTags: z
    .array(text({ max: 128 }))
    .max(50)
    .optional()
    .meta({
      description: 'Keys among tags that stay through role chaining.',
      examples: [['Team']],
    }),
  policy: policy.optional().meta({
    description: 'Session policy: a mapping, or JSON by ${file:path}.',
    examples: ['${file:policies/read-only.json}'],
  }),
  policyArns: policyArns.optional().meta({
    description: 'ARNs of managed policies used as session policies.',
    examples: [['arn:aws:iam::aws:policy/ReadOnlyAccess']],
  }),
  externalId: text({
    max: 1224,
    pattern: /^[\w+=,.@:/-]{2,}$/,
    expected: 'an external ID of 2 to 1224 letters, digits and _+=,.@:/-',
  })
    .optional()
    .meta({ description: 'External ID that the trust policy asks for.', examples: ['postern'] }),
  startPage: url('an https address of the AWS console')
    .optional()
    .meta({
      description: 'Console page that opens unless a destination is asked for.',
      examples: ['https://eu-west-1.console.aws.amazon.com/console/home'],
    }),
  region: region
    .optional()
    .meta({ description: 'Region offered first, and used for STS.', examples: ['eu-west-1'] }),
  portalLink: choice(['ask', 'direct'])
    .optional()
    .meta({
      description: 'Whether the portal link asks for one click (ask) or issues at once (direct).',
      examples: ['ask'],
    }),
  description: text({ max: 256 })
    .optional()
    .meta({
      description: 'One line for the roles page.',
      examples: ['Look at everything, change nothing'],
    }),
}

export const defaults = z
  .strictObject(roleSettings)
  .omit({ description: true, startPage: true })
  .prefault({})
  .describe('Settings of every role that does not set its own.')

export type RoleSettings = z.output<z.ZodObject<typeof roleSettings>>
