import { region } from './region.ts'
import { text } from './scalars.ts'

function arn(resource: 'trust-anchor' | 'profile', description: string) {
  const example = `arn:aws:rolesanywhere:eu-west-1:111111111111:${resource}/00000000-0000-0000-0000-000000000000`
  return text({
    max: 2048,
    pattern: new RegExp(
      `^arn:aws(?:-[a-z]+)*:rolesanywhere:[a-z0-9-]{4,32}:\\d{12}:${resource}/[\\w-]{1,64}$`,
    ),
    expected: `an ARN such as ${example}`,
  }).meta({ description, examples: [example] })
}

/** A trust anchor and a profile of IAM Roles Anywhere. */
export const rolesAnywherePlace = {
  trustAnchorArn: arn('trust-anchor', 'The trust anchor, which holds the CA of the certificate.'),
  profileArn: arn('profile', 'The profile, which lists the roles.'),
  region: region.optional().meta({
    description: 'Region to ask, unless it is that of the trust anchor.',
    examples: ['eu-west-1'],
  }),
}

/** Where both are given: they are asked together, so they must be together. */
export function sameRegion({
  trustAnchorArn,
  profileArn,
}: {
  readonly trustAnchorArn: string
  readonly profileArn: string
}): boolean {
  const place = (text: string): string => text.split(':').slice(3, 5).join(':')
  return place(trustAnchorArn) === place(profileArn)
}

export const sameRegionFault = {
  path: ['profileArn'],
  error: 'a profile in the account and region of the trust anchor',
}
