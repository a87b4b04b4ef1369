/** Fixed answers of AWS, so that what asks is measured and not what answers. */
const token = 'IQoJb3JpZ2luX2VjE'.repeat(40)
const requestId = 'c6104cbe-af31-11e0-8154-cbc7ccf896c7'
const keys = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: token,
}

/** The federation endpoint's. */
export const signInToken = JSON.stringify({ SigninToken: token })

/** STS's answer to AssumeRole, AssumeRoleWithSAML or GetFederationToken. */
export function stsAnswer(body: string): string {
  const form = new URLSearchParams(body)
  const action = form.get('Action') ?? ''
  const name = form.get('RoleSessionName') ?? form.get('Name') ?? 'bob'
  const seconds = Number(form.get('DurationSeconds') ?? 3600)
  const arn = sessionArn(form.get('RoleArn') ?? '', name)
  const who =
    action === 'GetFederationToken'
      ? `<FederatedUser><Arn>arn:aws:sts::111111111111:federated-user/${name}</Arn><FederatedUserId>111111111111:${name}</FederatedUserId></FederatedUser>`
      : `<AssumedRoleUser><Arn>${arn}</Arn><AssumedRoleId>AROA3XFRBF23AEXAMPLE1:${name}</AssumedRoleId></AssumedRoleUser>`
  const credentials = `<Credentials><AccessKeyId>${keys.accessKeyId}</AccessKeyId><SecretAccessKey>${keys.secretAccessKey}</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${expiration(seconds)}</Expiration></Credentials>`
  return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${who}${credentials}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`
}

/** Roles Anywhere's answer to CreateSession. */
export function createSessionAnswer(url: string, body: string): string {
  const roleArn = new URL(url, 'http://localhost').searchParams.get('roleArn') ?? ''
  const asked = JSON.parse(body) as { durationSeconds?: number; roleSessionName?: string }
  const { durationSeconds = 3600, roleSessionName = '0123' } = asked
  const credentials = { ...keys, expiration: expiration(durationSeconds) }
  const assumedRoleUser = {
    arn: sessionArn(roleArn, roleSessionName),
    assumedRoleId: `AROA3XFRBF23AEXAMPLE1:${roleSessionName}`,
  }
  const session = {
    assumedRoleUser,
    credentials,
    packedPolicySize: 10,
    roleArn,
    sourceIdentity: 'CN=bob',
  }
  const subjectArn = 'arn:aws:rolesanywhere:eu-west-1:111111111111:subject/s1'
  return JSON.stringify({ credentialSet: [session], subjectArn })
}

function sessionArn(roleArn: string, name: string): string {
  return `${roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${name}`
}

function expiration(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}
