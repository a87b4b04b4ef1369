import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDestination, defaultDestination } from '../../src/console/destination.ts'
import type { Partition } from '../../src/entitlements/arn.ts'
import { InvalidDestination } from '../../src/errors.ts'

function rules(partition: Partition = 'aws', configuredConsole?: string) {
  return { partition, region: undefined, configuredConsole }
}

describe('a destination', () => {
  test.each([
    ['aws', 'https://console.aws.amazon.com/'],
    ['aws', 'https://console.aws.amazon.com/s3/home?region=eu-west-1#bucket=a%2Fb'],
    [
      'aws',
      'https://eu-west-1.console.aws.amazon.com/go/view?service=ec2&region=eu-west-1&account=123456789012',
    ],
    [
      'aws',
      'https://us-east-1.console.aws.amazon.com/cloudwatch/home#logsV2:log-groups/log-group/$252Faws$252Fx',
    ],
    [
      'aws',
      'https://123456789012-ab12cd34.eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:',
    ],
    ['aws-cn', 'https://console.amazonaws.cn/console/home'],
    ['aws-cn', 'https://cn-northwest-1.console.amazonaws.cn/ec2'],
    ['aws-us-gov', 'https://us-gov-east-1.console.amazonaws-us-gov.com/'],
    ['aws-eusc', 'https://eusc-de-east-1.console.amazonaws-eusc.eu/console/home'],
  ] as const)('on a console host of %s is allowed: %s', (partition, destination) => {
    expect(checkDestination(destination, rules(partition))).toBe(destination)
  })

  test('is written as browsers write it', () => {
    expect(checkDestination('HTTPS://Console.AWS.amazon.com/a/../b', rules())).toBe(
      'https://console.aws.amazon.com/b',
    )
    expect(checkDestination('https://console.aws.amazon.com', rules())).toBe(
      'https://console.aws.amazon.com/',
    )
  })

  test.each([
    '',
    'console.aws.amazon.com',
    '//console.aws.amazon.com/',
    '/console/home',
    'http://console.aws.amazon.com/',
    'https:console.aws.amazon.com/',
    'https:/console.aws.amazon.com/',
    'https:///console.aws.amazon.com/',
    'javascript:alert(1)//https://console.aws.amazon.com/',
    'data:text/html,https://console.aws.amazon.com/',
    'https://evil.example/',
    'https://evil.example/?https://console.aws.amazon.com/',
    'https://evil.example#https://console.aws.amazon.com/',
    'https://console.aws.amazon.com.evil.example/',
    'https://evil-console.aws.amazon.com/',
    'https://evilconsole.aws.amazon.com/',
    'https://console-aws.amazon.com/',
    'https://console.aws.amazon.co/',
    'https://aws.amazon.com/',
    'https://signin.aws.amazon.com/oauth?Action=logout&redirect_uri=https://evil.example',
    'https://us-east-1.signin.aws.amazon.com/federation?Action=login',
    'https://bucket.s3.amazonaws.com/',
    'https://console.amazonaws.cn/',
    'https://cn-north-1.console.aws.amazon.com/',
    'https://us-gov-west-1.console.aws.amazon.com/',
    'https://evil.console.aws.amazon.com/',
    'https://a.b.eu-west-1.console.aws.amazon.com/',
    'https://evil.eu-west-1.console.aws.amazon.com/',
    'https://12345678901-ab12cd34.eu-west-1.console.aws.amazon.com/',
    'https://123456789012-ab12cd345.eu-west-1.console.aws.amazon.com/',
    'https://123456789012-ab12cd34.console.aws.amazon.com/',
    'https://.console.aws.amazon.com/',
    'https://console.aws.amazon.com./',
    'https://console.aws.amazon.com:443/',
    'https://console.aws.amazon.com:8443/',
    'https://console.aws.amazon.com:/',
    'https://user@console.aws.amazon.com/',
    'https://user:password@console.aws.amazon.com/',
    'https://console.aws.amazon.com@evil.example/',
    'https://console.aws.amazon.com%40evil.example/',
    'https://console.aws.amazon.com%2eevil.example/',
    'https://console%2eaws.amazon.com/',
    'https://evil.example\\@console.aws.amazon.com/',
    'https://console.aws.amazon.com\\@evil.example/',
    'https:\\\\console.aws.amazon.com/',
    'https://console.aws.amazon.com/\\evil.example',
    'https://console.aws.amazon.com//evil.example',
    'https://console.aws.amazon.com/%2Fevil.example',
    'https://console.aws.amazon.com/%5cevil.example',
    ' https://console.aws.amazon.com/',
    'https://console.aws.amazon.com/ ',
    'https://console.aws.amazon.com/a b',
    'https://console.aws.amazon.com/\n',
    'https://console.aws.amazon.com/\t',
    'https://con\tsole.aws.amazon.com/',
    'https://console.aws.amazon.com/\u0000',
    'https://console.aws.amazon.com/%00',
    'https://console.aws.amazon.com/%0d%0aSet-Cookie:%20a=b',
    'https://console.aws.amazon.com/%7F',
    'https://console.aws.amazon.com/%',
    'https://console.aws.amazon.com/%zz',
    'https://console.aws.amazon.com/%c',
    'https://console.aws.amazon.com/"onmouseover="x',
    'https://console.aws.amazon.com/<script>',
    'https://console.aws.amazon.com/`x`',
    'https://console.aws.amazоn.com/',
    'https://console\u3002aws\u3002amazon\u3002com/',
    'https://ｃonsole.aws.amazon.com/',
    'https://console.aws.amazon.com\u200b/',
    'https://console.aws.amazon.com/\u202e',
    'https://xn--console.aws.amazon.com/',
    'https://xn--a-1.console.aws.amazon.com/',
    'https://console.aws.amazon.com／.evil.example/',
    'https://[::1]/',
    'https://169.254.169.254/',
    `https://console.aws.amazon.com/${'a'.repeat(2048)}`,
  ])('is refused: %j', (destination) => {
    expect(() => checkDestination(destination, rules())).toThrow(InvalidDestination)
  })

  test('says which rule it breaks', () => {
    const why = (destination: string) => {
      try {
        return checkDestination(destination, rules())
      } catch (error) {
        return error instanceof Error ? error.message : ''
      }
    }
    expect(why('https://evil.example/')).toContain('not on an AWS console host')
    expect(why('http://console.aws.amazon.com/')).toContain('https://')
    expect(why('x'.repeat(3000))).toContain('2048')
    expect(why('https://evil.example/')).not.toContain('evil')
  })

  test('has no console in partitions that AWS does not publish', () => {
    expect(() => checkDestination('https://console.aws.amazon.com/', rules('aws-iso'))).toThrow(
      /aws-iso/,
    )
    expect(() => defaultDestination(rules('aws-iso-b'))).toThrow(InvalidDestination)
  })
})

describe('the configured console', () => {
  const configured = 'http://localhost:3001/console/home'

  test('is allowed beside those of AWS', () => {
    for (const destination of ['http://localhost:3001/', `${configured}?region=eu-west-1`])
      expect(checkDestination(destination, rules('aws', configured))).toBe(destination)
    const own = 'https://console.aws.amazon.com/'
    expect(checkDestination(own, rules('aws', configured))).toBe(own)
  })

  test.each([
    'http://localhost:3001.evil.example/',
    'http://localhost:30010/',
    'http://localhost:3001@evil.example/',
    'http://localhost/',
    'https://localhost:3001/',
    'http://localhost:3001\\@evil.example/',
    'http://user@localhost:3001/',
  ])('does not allow %s', (destination) => {
    expect(() => checkDestination(destination, rules('aws', configured))).toThrow(
      InvalidDestination,
    )
  })

  test('is where one lands without a destination', () => {
    expect(defaultDestination(rules('aws', configured))).toBe(configured)
    expect(defaultDestination(rules('aws', 'http://localhost:3001'))).toBe(configured)
  })
})

describe('without a destination', () => {
  test.each([
    [undefined, 'https://console.aws.amazon.com/console/home'],
    ['us-east-1', 'https://console.aws.amazon.com/console/home?region=us-east-1'],
    ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1'],
  ])('one lands on the home page of %s', (region, expected) => {
    const found = defaultDestination({ partition: 'aws', region, configuredConsole: undefined })
    expect(found).toBe(expected)
    expect(checkDestination(found, rules())).toBe(expected)
  })
})

describe('whatever the text', () => {
  const allowed = /^(?:(?:\d{12}-[a-z\d]{8}\.)?[a-z\d-]+\.)?console\.aws\.amazon\.com$/
  const pieces = fc.constantFrom(
    ...[
      'https://',
      'http://',
      'console.aws.amazon.com',
      'evil.example',
      'eu-west-1.',
      '123456789012-ab12cd34.',
    ],
    ...[
      '/',
      '\\',
      '@',
      ':',
      '#',
      '?',
      '.',
      '%2f',
      '%40',
      '%00',
      '\t',
      '\n',
      ' ',
      '//',
      ':443',
      '\u3002',
      'ａ',
    ],
  )

  test('what passes is https on a console host, for every reader', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.array(pieces, { maxLength: 6 }).map((parts) => `https://${parts.join('')}`),
      fc
        .array(pieces, { maxLength: 6 })
        .map((parts) => `https://console.aws.amazon.com${parts.join('')}`),
    )
    let passes = 0
    fc.assert(
      fc.property(texts, (text) => {
        let passed: string
        try {
          passed = checkDestination(text, rules())
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidDestination)
          return
        }
        passes += 1
        const url = new URL(passed)
        expect(url.protocol).toBe('https:')
        expect(url.hostname).toMatch(allowed)
        expect(url.port + url.username + url.password).toBe('')
        expect(url.pathname.startsWith('//')).toBe(false)
        expect(passed).toMatch(/^[\x21-\x7e]+$/)
        expect(checkDestination(passed, rules())).toBe(passed)
      }),
      { numRuns: 3000 },
    )
    expect(passes).toBeGreaterThan(100)
  })
})
