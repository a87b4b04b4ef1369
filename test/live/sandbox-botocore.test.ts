import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import { requireCommand } from '../support/require-command.ts'

const run = promisify(execFile)
// Debian's Python: its awscli brings a botocore, of its own or as python3-botocore.
const PYTHON = '/usr/bin/python3'
const SCRIPT = `
import sys
try:
    from botocore.session import Session
except ImportError:
    from awscli.botocore.session import Session
from urllib.request import urlopen
url, key, secret = sys.argv[1:]
session = Session()
client = session.create_client('sts', region_name='eu-west-1', endpoint_url=url,
    aws_access_key_id=key, aws_secret_access_key=secret)
role = client.assume_role(RoleArn='arn:aws:iam::111111111111:role/ReadOnly', RoleSessionName='bob')
c = role['Credentials']
client = session.create_client('sts', region_name='eu-west-1', endpoint_url=url,
    aws_access_key_id=c['AccessKeyId'], aws_secret_access_key=c['SecretAccessKey'],
    aws_session_token=c['SessionToken'])
print(urlopen(client.generate_presigned_url('get_caller_identity', HttpMethod='GET')).read().decode())
`
requireCommand('aws', 'awscli')

test("botocore's presigned GetCallerIdentity says who made it", async () => {
  await using sandbox = await startSandbox()
  const { accessKeyId, secretAccessKey } = DEMO_BASE_ACCESS_KEY
  const args = ['-c', SCRIPT, sandbox.url, accessKeyId, secretAccessKey]
  const { stdout } = await run(PYTHON, args, { timeout: 30_000 })
  expect(stdout).toContain('<Arn>arn:aws:sts::111111111111:assumed-role/ReadOnly/bob</Arn>')
})
