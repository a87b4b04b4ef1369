import type { PolicyJson } from '../../sandbox/world/world.ts'
import type { AssumeRoleInput } from './sdk.ts'
import { BASE_USER, policy, trusts } from './test-world.ts'
import { describeTrust, type TrustCase } from './trust-cases.ts'

const when = (Condition: PolicyJson): PolicyJson => policy(trusts(BASE_USER, { Condition }))
const tag = (Key: string, Value = 'v'): AssumeRoleInput => ({ Tags: [{ Key, Value }] })

const cases: readonly TrustCase[] = [
  [
    'asks for a tag',
    when({ StringEquals: { 'aws:RequestTag/Team': 'ops' } }),
    tag('Team', 'ops'),
    true,
  ],
  [
    'asks for a tag of any case',
    when({ StringEquals: { 'aws:RequestTag/team': 'ops' } }),
    tag('Team', 'ops'),
    true,
  ],
  [
    'asks for a tag of another value',
    when({ StringEquals: { 'aws:RequestTag/Team': 'dev' } }),
    tag('Team', 'ops'),
    false,
  ],
  [
    'asks for a tag that is missing',
    when({ StringEquals: { 'aws:RequestTag/Team': 'ops' } }),
    tag('Other'),
    false,
  ],
  [
    'allows only certain tag keys',
    when({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Team', 'Cost'] } }),
    tag('Team'),
    true,
  ],
  [
    'allows only other tag keys',
    when({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Cost'] } }),
    tag('Team'),
    false,
  ],
  [
    'allows only certain tag keys, and none came',
    when({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Cost'] } }),
    {},
    true,
  ],
  [
    'asks for one of the tag keys',
    when({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['Team'] } }),
    tag('Team'),
    true,
  ],
  [
    'asks for one of the tag keys, and none came',
    when({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['Team'] } }),
    {},
    false,
  ],
  [
    'asks for a transitive tag',
    when({ 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': ['Team'] } }),
    { ...tag('Team'), TransitiveTagKeys: ['Team'] },
    true,
  ],
  [
    'asks for a transitive tag, and it is not',
    when({ 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': ['Team'] } }),
    tag('Team'),
    false,
  ],
]

describeTrust('a trust policy that', cases)
