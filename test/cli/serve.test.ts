import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { refuse } from '../rolesanywhere/fake-roles-anywhere.ts'
import { ask, roles, tokenOf, tokenPath, ttl } from './ask-service.ts'
import { cliLab, parsed } from './cli-lab.ts'
import { serving } from './serving.ts'

describe('serve', () => {
  test('gives token, role name and credentials as IMDSv2 does', async () => {
    const lab = await cliLab()
    const { url, said } = await serving(lab)
    expect(said()).toContain(`export AWS_EC2_METADATA_SERVICE_ENDPOINT=${url}/\n`)
    const token = await ask(`${url}${tokenPath}`, 'PUT', { [ttl]: '300' })
    expect(token).toMatchObject({
      status: 200,
      headers: { [ttl]: '300', 'content-type': 'text/plain' },
    })
    expect(token.body).toMatch(/^[A-Za-z0-9+/]{100}$/)
    const headers = { 'x-aws-ec2-metadata-token': token.body }
    for (const path of [roles, `${roles}/`, `${roles}/unknown`]) {
      const name = await ask(url + path, 'GET', headers)
      expect(name).toMatchObject({ status: 200, body: 'ReadOnly' })
      expect(Number(name.headers[ttl])).toBeGreaterThan(290)
    }
    for (const path of [`${roles}/ReadOnly`, `${roles}/ReadOnly/`]) {
      const { status, body, headers: given } = await ask(url + path, 'GET', headers)
      expect([status, given[ttl]]).toEqual([200, undefined])
      expect(body.endsWith('}\n')).toBe(true)
      expect(parsed(body)).toMatchObject({
        AccessKeyId: 'ASIAFAKE000000000001',
        SecretAccessKey: 'fake/Secret+Key=',
        Token: 'fakeToken1==',
        Code: 'Success',
        Type: 'AWS-HMAC',
      })
      expect(Object.keys(parsed(body))).toEqual([
        'AccessKeyId',
        'SecretAccessKey',
        'Token',
        'Code',
        'Type',
        'Expiration',
        'LastUpdated',
      ])
    }
    expect(lab.aws.arrived).toHaveLength(1)
  })

  test('answers mistakes as the AWS helper does', async () => {
    const { url } = await serving(await cliLab())
    const headers = await tokenOf(url)
    const answer = async (...args: Parameters<typeof ask>): Promise<unknown> => {
      const { status, body } = await ask(...args)
      return [status, body]
    }
    expect(await answer(`${url}${roles}`)).toEqual([401, 'no token provided'])
    const wrong = { 'x-aws-ec2-metadata-token': 'wrong' }
    expect(await answer(`${url}${roles}`, 'GET', wrong)).toEqual([401, 'invalid token provided'])
    expect(await answer(`${url}${tokenPath}`, 'GET')).toEqual([405, ''])
    expect(await answer(`${url}${roles}`, 'POST', headers)).toEqual([405, ''])
    expect(await answer(`${url}/latest/user-data`, 'GET', headers)).toEqual([
      404,
      '404 page not found',
    ])
    for (const life of ['0', '21601', '-1', 'x', '1.5', '']) {
      expect(await answer(`${url}${tokenPath}`, 'PUT', { [ttl]: life })).toEqual([
        400,
        'invalid token TTL',
      ])
    }
    const long = await ask(`${url}${tokenPath}/`, 'PUT')
    expect([long.status, long.headers[ttl]]).toEqual([200, '21600'])
  })

  test.for([
    [{ 'x-forwarded-for': '10.0.0.1' }, 400],
    [{ host: 'evil.example' }, 421],
    [{ host: 'localhost.evil.example:80' }, 421],
    [{ host: '127.0.0.1.evil.example' }, 421],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
    [{ 'sec-fetch-mode': 'no-cors' }, 403],
  ] as const)('refuses %j on every route', async ([bad, status]) => {
    const { url } = await serving(await cliLab())
    const headers = { ...(await tokenOf(url)), ...bad }
    for (const path of [roles, `${roles}/ReadOnly`, '/latest/user-data', '/']) {
      const answer = await ask(url + path, 'GET', headers)
      expect(answer.status).toBe(status)
      expect(answer.body).not.toContain('ASIA')
    }
    expect((await ask(url + tokenPath, 'PUT', headers)).status).toBe(status)
  })

  test('takes the hosts that programs and containers use', async () => {
    const { url } = await serving(await cliLab())
    const { port } = new URL(url)
    for (const host of [`localhost:${port}`, `[::1]:${port}`, '169.254.169.254', '127.0.0.1']) {
      const answer = await ask(url + tokenPath, 'PUT', { host })
      expect(answer.status).toBe(200)
    }
  })

  test.for(['SIGTERM', 'SIGINT'] as const)('ends with 0 on %s', async (signal) => {
    const { child, outcome } = await serving(await cliLab())
    child.kill(signal)
    expect(await outcome).toMatchObject({ code: 0, signal: null })
  })

  test('does not start without credentials', async () => {
    const lab = await cliLab()
    lab.aws.answer = refuse(403, 'AccessDeniedException', 'no')
    const { code, stderr } = await lab.run(['serve', '--port', '0', ...lab.session()])
    expect(code).toBe(1)
    expect(stderr).not.toContain('started')
  })

  test('says what is wrong with the role and the port', async () => {
    const lab = await cliLab()
    const role = await lab.run(['serve', ...lab.session('--role-arn', 'x')])
    expect(role.stderr).toContain('invalid role ARN')
    for (const [flag, value, message] of [
      ['--port', '-1', 'failed to create listener: there are ports 0 to 65535. Give another'],
      ['--port', '65536', 'failed to create listener: there are ports 0 to 65535. Give another'],
      ['--token-file', 'x', 'Give --ecs as well'],
    ] as const) {
      const outcome = await lab.run(['serve', flag, value, ...lab.session()])
      expect([outcome.code, outcome.stderr]).toEqual([1, expect.stringContaining(message)])
    }
    const { url } = await serving(lab)
    const port = await lab.run(['serve', '--port', new URL(url).port, ...lab.session()])
    expect([port.code, port.stderr]).toEqual([
      1,
      expect.stringContaining('failed to create listener'),
    ])
  })
})

describe('serve --ecs', () => {
  test('gives credentials to who knows the token, and to nobody else', async () => {
    const lab = await cliLab()
    const { url, said } = await serving(lab, ['--ecs'])
    const uri = /FULL_URI=(\S+)/.exec(said())?.[1] ?? ''
    expect(uri).toBe(`${url}/credentials`)
    // The line may come in pieces, or after the one that names the address.
    const line = /AUTHORIZATION_TOKEN=(\S+)\n/
    await expect.poll(() => line.test(said())).toBe(true)
    const token = line.exec(said())?.[1] ?? ''
    const { status, body, headers } = await ask(uri, 'GET', { authorization: token })
    expect([status, headers['content-type']]).toEqual([200, 'application/json'])
    expect(Object.keys(parsed(body))).toEqual([
      'AccessKeyId',
      'SecretAccessKey',
      'Token',
      'Expiration',
    ])
    for (const authorization of ['', 'x', token.slice(1), `${token}x`, `Bearer ${token}`]) {
      const refused = await ask(uri, 'GET', { authorization })
      expect(refused.status).toBe(401)
      expect(Object.keys(parsed(refused.body))).toEqual(['Code', 'Message'])
    }
    expect((await ask(uri, 'GET')).status).toBe(401)
    expect((await ask(uri, 'POST', { authorization: token })).status).toBe(405)
    expect((await ask(`${url}/`, 'GET', { authorization: token })).status).toBe(404)
    expect((await ask(`${url}${tokenPath}`, 'PUT')).status).toBe(401)
    for (const bad of [
      { origin: 'null' },
      { host: 'evil.example' },
      { 'x-forwarded-for': '1.1.1.1' },
    ]) {
      const refused = await ask(uri, 'GET', { authorization: token, ...bad })
      expect(refused.status).toBeGreaterThanOrEqual(400)
    }
  })

  test('writes the token to a file that only the user can read', async () => {
    const lab = await cliLab()
    const path = join(lab.home, 'token')
    const { url, said } = await serving(lab, ['--ecs', '--token-file', path])
    const authorization = readFileSync(path, 'utf8')
    expect(said()).not.toContain(authorization)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect((await ask(`${url}/credentials`, 'GET', { authorization })).status).toBe(200)
  })

  test('takes the token of the environment and does not show it', async () => {
    const lab = await cliLab()
    const env = { AWS_CONTAINER_AUTHORIZATION_TOKEN: 'a-token-of-my-own-0001' }
    const { url, said } = await serving(lab, ['--ecs'], env)
    expect(said()).not.toContain('a-token-of-my-own')
    const headers = { authorization: env.AWS_CONTAINER_AUTHORIZATION_TOKEN }
    expect((await ask(`${url}/credentials`, 'GET', headers)).status).toBe(200)
  })
})
