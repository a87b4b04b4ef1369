import { describe, expect, test } from 'vitest'
import { partitionHosts } from '../../src/console/partition-hosts.ts'
import { partitions } from '../../src/entitlements/arn.ts'
import { InvalidRequest } from '../../src/errors.ts'

describe('sign-in and console hosts', () => {
  test.each([
    ['aws', undefined, 'signin.aws.amazon.com', 'console.aws.amazon.com'],
    ['aws', 'us-east-1', 'signin.aws.amazon.com', 'console.aws.amazon.com'],
    ['aws', 'eu-west-1', 'eu-west-1.signin.aws.amazon.com', 'eu-west-1.console.aws.amazon.com'],
    ['aws-cn', undefined, 'signin.amazonaws.cn', 'console.amazonaws.cn'],
    ['aws-cn', 'cn-northwest-1', 'signin.amazonaws.cn', 'cn-northwest-1.console.amazonaws.cn'],
    ['aws-us-gov', undefined, 'signin.amazonaws-us-gov.com', 'console.amazonaws-us-gov.com'],
    [
      'aws-us-gov',
      'us-gov-east-1',
      'us-gov-east-1.signin.amazonaws-us-gov.com',
      'us-gov-east-1.console.amazonaws-us-gov.com',
    ],
    [
      'aws-eusc',
      undefined,
      'eusc-de-east-1.signin.amazonaws-eusc.eu',
      'eusc-de-east-1.console.amazonaws-eusc.eu',
    ],
  ] as const)('of %s in %s', (partition, region, signIn, console) => {
    expect(partitionHosts(partition, region)).toMatchObject({
      federationEndpoint: `https://${signIn}/federation`,
      consoleOrigin: `https://${console}`,
    })
  })

  test('are not known for partitions that AWS does not publish', () => {
    const unknown = partitions.filter((partition) => !partitionHosts(partition, undefined))
    expect(unknown).toEqual(['aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f'])
  })

  test('are never those of another partition', () => {
    expect(() => partitionHosts('aws', 'cn-north-1')).toThrow(InvalidRequest)
    expect(() => partitionHosts('aws-us-gov', 'eu-west-1')).toThrow(InvalidRequest)
  })

  test('can not be bent by a region that is none', () => {
    for (const region of ['', 'evil.example/', 'eu-west-1.evil', 'x@y', 'eu-west-1\n', '../'])
      expect(() => partitionHosts('aws', region)).toThrow(InvalidRequest)
  })
})
