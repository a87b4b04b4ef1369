import { describe, expect, test } from 'vitest'
import { base, faultPaths, readOnly } from './configuration.ts'

/** Whether a change to the smallest configuration is taken; the paths of its faults otherwise. */
const tried = (change: object) => faultPaths({ ...base, ...change })

describe('roles', () => {
  const role = (change: object) => tried({ roles: [{ arn: readOnly, ...change }] })

  test.each([
    [{ sessionName: '${nme}' }, 'sessionName'],
    [{ sessionName: '${env:X' }, 'sessionName'],
    [{ sessionName: 'a b${name}' }, 'sessionName'],
    [{ sessionName: '' }, 'sessionName'],
    [{ sourceIdentity: 'aws:${name}' }, 'sourceIdentity'],
    [{ tags: { 'aws:Team': 'x' } }, 'tags."aws:Team"'],
    [{ tags: { 'AWS:Team': 'x' } }, 'tags."AWS:Team"'],
    [{ tags: { 'a&b': 'x' } }, 'tags."a&b"'],
    [{ tags: { Team: 'a&b' } }, 'tags.Team'],
    [{ tags: { Team: 'x', team: 'y' } }, 'tags'],
    [
      { tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'x'])) },
      'tags',
    ],
    [{ policy: 'no json' }, 'policy'],
    [{ policy: {} }, 'policy'],
    [{ policy: { Statement: [], Sid: 'x'.repeat(2048) } }, 'policy'],
    [{ policy: { Statement: ['–'] } }, 'policy'],
    [{ policyArns: ['arn:aws:iam::111111111111:role/x'] }, 'policyArns[0]'],
    [{ policyArns: Array.from({ length: 11 }, () => 'arn:aws:iam::aws:policy/x') }, 'policyArns'],
    [{ externalId: 'x' }, 'externalId'],
    [{ externalId: 'a b' }, 'externalId'],
    [{ startPage: 'http://console.aws.amazon.com/' }, 'startPage'],
    [{ startPage: 'https://u@console.aws.amazon.com/' }, 'startPage'],
    [{ startPage: 'javascript:alert(1)' }, 'startPage'],
    [{ region: 'europe' }, 'region'],
    [{ portalLink: 'always' }, 'portalLink'],
    [{ description: 'a\nb' }, 'description'],
    [{ arn: 'arn:aws:iam::111111111111:role/*' }, 'arn'],
  ])('refuse %j', (change, path) => {
    expect(role(change)).toContain(`roles[0].${path}`)
  })

  test('take everything that may be set at once', () => {
    const all = {
      issuer: 'hub',
      duration: {
        credentials: { default: '1h', max: '2h' },
        console: { default: '1h', max: '12h' },
      },
      sessionName: '${name}@${people}',
      sourceIdentity: '${email}',
      tags: { Team: '${attribute.team}', 'Cost Center': 'x ${people}' },
      transitiveTags: ['Team'],
      policyArns: ['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess'],
      externalId: 'a:b/c',
      startPage: 'https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1',
      region: 'eu-west-1',
      portalLink: 'direct',
      description: 'Look at everything',
    }
    expect(role(all)).toEqual([])
  })
})
