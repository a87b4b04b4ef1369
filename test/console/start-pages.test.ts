import { expect, test } from 'vitest'
import { startPageFaults } from '../../src/console/start-pages.ts'
import { roleOf } from '../support/broker-fakes.ts'

const arn = 'arn:aws:iam::111111111111:role/ReadOnly'

test('takes start pages on the console of the partition, and roles without any', () => {
  const startPage = 'https://eu-west-1.console.aws.amazon.com/s3/buckets'
  expect(startPageFaults([roleOf(arn), roleOf(arn, { startPage })], undefined)).toEqual([])
})

test('names each role whose start page the console has not', () => {
  const startPage = 'https://console.amazonaws.cn/s3'
  const faults = startPageFaults([roleOf(arn, { startPage })], undefined)
  expect(faults).toEqual([expect.stringContaining(`startPage of ${arn}: `)])
})

test('takes pages of a console that is configured instead', () => {
  const startPage = 'http://localhost:3001/console/s3'
  const configured = 'http://localhost:3001/console/home'
  expect(startPageFaults([roleOf(arn, { startPage })], configured)).toEqual([])
})
