import type { Advice } from './advice.ts'

const exceedsRole = /DurationSeconds exceeds the MaxSessionDuration/i
const exceedsChaining = /session limit for roles assumed by role chaining/i
const durationTooShort = /at 'durationSeconds' failed to satisfy.*greater than or equal/i
const tokenTooLong = /at 'durationSeconds' failed to satisfy.*less than or equal to 129600/i
const durationTooLong = /at 'durationSeconds' failed to satisfy/i

/** Whether AWS minds only how long the session was to last. */
export function isDurationRefusal({ code, message }: { code: string; message: string }): boolean {
  return code === 'ValidationError' && [exceedsRole, exceedsChaining].some((m) => m.test(message))
}

/** Whether AWS counts Postern's own credentials as a role already. */
export function isChainingRefusal(message: string): boolean {
  return exceedsChaining.test(message)
}

const validation = /^ValidationError$/
const value = /^InvalidParameterValue$/

/** Refusals of what was sent: durations, names, tags and session policies. */
export const requestAdvice: readonly Advice[] = [
  {
    code: validation,
    message: exceedsRole,
    says: 'AWS refused the duration: it is more than the role allows.',
    causes: [
      "The role's maximum session duration in IAM is shorter than its `duration` in the configuration.",
    ],
    remedies: [
      "Raise the role's maximum session duration in IAM, or lower `duration.credentials.max` of the role in the configuration.",
    ],
  },
  {
    code: validation,
    message: exceedsChaining,
    says: "AWS refused the duration: the broker's own credentials are temporary, and AWS caps role chaining at 1 hour.",
    causes: ['Postern runs with the credentials of a role, so each role it assumes is chained.'],
    remedies: [
      'Lower the duration to 1 hour, and set `chained: yes` for the issuer, so that nobody is promised more.',
      'Or run Postern with an EC2 instance profile or an IAM user, which AWS does not count as chaining.',
    ],
  },
  {
    code: validation,
    message: durationTooShort,
    says: 'AWS refused the duration: it gives 15 minutes at least.',
    causes: ['A duration below 900 seconds was asked for.'],
    remedies: ['Correct `duration` of the role in the configuration.'],
  },
  {
    code: validation,
    message: tokenTooLong,
    says: 'AWS refused the duration: it gives federation tokens of 36 hours at most.',
    causes: ['A duration above 129600 seconds was asked for.'],
    remedies: ['Correct `duration` of the role in the configuration.'],
  },
  {
    code: validation,
    message: durationTooLong,
    says: 'AWS refused the duration: it gives 12 hours at most.',
    causes: ['A duration above 43200 seconds was asked for.'],
    remedies: ['Correct `duration` of the role in the configuration.'],
  },
  {
    code: validation,
    message: /at '(?:roleSessionName|name)' failed to satisfy/i,
    says: 'AWS refused the role session name.',
    causes: [
      'A role session name has 2 to 64 of the characters A-Z a-z 0-9 _ + = , . @ - and a federation token 2 to 32.',
    ],
    remedies: ['Correct `sessionName` of the role in the configuration.'],
  },
  {
    code: validation,
    message: / is invalid$/,
    says: 'AWS does not take this for a role.',
    causes: [
      'The role ARN is wrong, or is one of another partition than the endpoint: the broker in aws can not assume roles in aws-cn or aws-us-gov.',
    ],
    remedies: ['Correct the role ARN in the configuration.'],
  },
  {
    code: validation,
    says: 'AWS refused a value that it was sent.',
    causes: ['A setting of the role in the configuration does not meet the rules of AWS.'],
    remedies: ["AWS's message names the value. Correct it in the configuration of the role."],
  },
  {
    code: value,
    message: /Duplicate tag keys/i,
    says: 'AWS refused the session tags: two keys differ only in case.',
    causes: ['AWS reads tag keys without regard to upper and lower case.'],
    remedies: ['Rename one of the tags of the role in the configuration.'],
  },
  {
    code: value,
    message: /transitive tag key must be included/i,
    says: 'AWS refused the session tags: a transitive tag has no value.',
    causes: ['`transitiveTagKeys` names a tag that is not among the tags of the role.'],
    remedies: ['Add the tag, or take its key off `transitiveTagKeys`.'],
  },
  {
    code: value,
    message: /conflicts with a transitive tag key/i,
    says: "AWS refused the session tags: Postern's own role session has set one of them for good.",
    causes: ['The credentials that Postern runs with carry a transitive tag of the same key.'],
    remedies: ['Rename the tag, or start Postern with credentials that do not carry it.'],
  },
  {
    code: value,
    says: 'AWS refused a value that it was sent.',
    causes: ['A setting of the role in the configuration does not meet the rules of AWS.'],
    remedies: ["AWS's message names the value. Correct it in the configuration of the role."],
  },
  {
    code: /^MalformedPolicyDocument(?:Exception)?$/,
    says: 'AWS refused the session policy: it is no valid policy.',
    causes: ['The `policy` of the role in the configuration has a fault, which AWS names.'],
    remedies: ['Correct the `policy` of the role in the configuration.'],
  },
  {
    code: /^PackedPolicyTooLarge(?:Exception)?$/,
    says: 'AWS refused the session policy and tags: together they are too large.',
    causes: ['Policy, policy ARNs and tags share one space of fixed size.'],
    remedies: [
      'Shorten the `policy` of the role, put it into a managed policy, or set fewer tags.',
    ],
  },
]
