import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'

// The SDK as programs use it: credentials from wherever its default chain finds them.
const [endpoint = ''] = process.argv.slice(2)
const client = new STSClient({ region: 'eu-west-1', endpoint })
const { Arn } = await client.send(new GetCallerIdentityCommand({}))
process.stdout.write(Arn ?? 'none')
