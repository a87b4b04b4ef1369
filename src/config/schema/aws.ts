import { z } from 'zod'
import { partitions } from '../../entitlements/arn.ts'
import { duration } from './duration.ts'
import { region } from './issuers.ts'
import { choice, integer } from './scalars.ts'
import { url } from './url.ts'

const endpoint = url('an https address')

export const aws = z
  .strictObject({
    region: region
      .optional()
      .describe('Region of STS and of the console, where neither role nor issuer names one.'),
    endpoints: z
      .strictObject({
        sts: endpoint.optional().describe('STS, for a VPC endpoint or a sandbox.'),
        federation: endpoint
          .optional()
          .describe('The federation endpoint, which gives sign-in tokens.'),
        console: endpoint.optional().describe("The console's home page."),
        rolesAnywhere: endpoint.optional().describe('IAM Roles Anywhere.'),
      })
      .prefault({})
      .describe("Addresses in place of AWS's own."),
    federationMethod: z
      .partialRecord(z.enum(partitions), choice(['POST', 'GET']))
      .default({})
      .describe('How getSigninToken is called, per partition: POST (unless set) or GET.'),
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
        'Tries per call; only throttling, server errors and broken connections are tried again.',
      ),
  })
  .prefault({})
  .describe('How AWS is reached.')
