import { z } from 'zod'
import { partitions } from '../../entitlements/arn.ts'
import { duration } from './duration.ts'
import { region } from './region.ts'
import { choice, flag, integer } from './scalars.ts'
import { url } from './url.ts'

const endpoint = url('an https address')

export const aws = z
  .strictObject({
    region: region.optional().meta({
      description: 'Region of STS and of the console, where neither role nor issuer names one.',
      examples: ['eu-west-1'],
    }),
    fips: flag()
      .default(false)
      .describe(
        "Whether STS and IAM Roles Anywhere are called at AWS's FIPS endpoints, which few regions have. An address under endpoints is called as it stands.",
      ),
    dualStack: flag()
      .default(false)
      .describe(
        "Whether STS and IAM Roles Anywhere are called at AWS's dual-stack endpoints, which answer by IPv6 too. An address under endpoints is called as it stands.",
      ),
    endpoints: z
      .strictObject({
        sts: endpoint.optional().meta({
          description: 'STS, for a VPC endpoint or a sandbox.',
          examples: ['https://vpce-0a1b.sts.eu-west-1.vpce.amazonaws.com'],
        }),
        federation: endpoint.optional().meta({
          description: 'The federation endpoint, which gives sign-in tokens.',
          examples: ['https://signin.aws.amazon.com/federation'],
        }),
        console: endpoint.optional().meta({
          description: "The console's home page.",
          examples: ['https://console.aws.amazon.com/console/home'],
        }),
        saml: endpoint.optional().meta({
          description: 'Where AWS takes SAML responses: recipient of the ones that Postern signs.',
          examples: ['https://eu-west-1.signin.aws.amazon.com/saml'],
        }),
        rolesAnywhere: endpoint.optional().meta({
          description: 'IAM Roles Anywhere.',
          examples: ['https://rolesanywhere.eu-west-1.amazonaws.com'],
        }),
      })
      .prefault({})
      .describe("Addresses in place of AWS's own."),
    failOver: z
      .strictObject({
        region: region.meta({
          description:
            'Region of STS that is asked when the first does not answer, has a fault or throttles.',
          examples: ['eu-central-1'],
        }),
        sts: endpoint.optional().meta({
          description: 'STS in that region; needed where endpoints.sts is set.',
          examples: ['https://vpce-0c2d.sts.eu-central-1.vpce.amazonaws.com'],
        }),
      })
      .optional()
      .meta({
        description:
          'Where else STS is asked. Session tokens of regional endpoints work in every region.',
        examples: [
          {
            region: 'eu-central-1',
            sts: 'https://vpce-0c2d.sts.eu-central-1.vpce.amazonaws.com',
          },
        ],
      }),
    circuit: z
      .strictObject({
        failures: integer(1, 1000)
          .default(5)
          .describe('Failures in a row after which an endpoint is left alone.'),
        pause: duration(1, 600).default(20).describe('Until one request tries it again.'),
      })
      .prefault({})
      .describe(
        'What Postern does with an endpoint that gives no answers: it fails at once there.',
      ),
    federationMethod: z
      .partialRecord(z.enum(partitions), choice(['POST', 'GET']))
      .default({})
      .meta({
        description: 'How getSigninToken is called, per partition: POST (unless set) or GET.',
        examples: [{ 'aws-us-gov': 'GET' }],
      }),
    timeouts: z
      .strictObject({
        connect: duration(1, 60).default(3).describe('For a connection to stand.'),
        answer: duration(1, 120).default(10).describe('For AWS to answer.'),
      })
      .prefault({})
      .describe('How long Postern waits for AWS.'),
    attempts: integer(1, 10)
      .default(3)
      .describe(
        'Tries per call, where another may help: after throttling, a server error or a broken connection.',
      ),
  })
  .refine(({ endpoints, failOver }) => !endpoints.sts || !failOver || failOver.sts !== undefined, {
    path: ['failOver', 'sts'],
    error: 'the address of STS in the second region, because endpoints.sts names that of the first',
  })
  .prefault({})
  .describe('How AWS is reached.')
