import { describe, expect, test } from 'vitest'
import { refuse } from '../../support/fake-broker.ts'
import { brokerLab } from './broker-lab.ts'

describe('a broker that can not be asked', () => {
  test('speaks no TLS: it is said, without the words of OpenSSL', async () => {
    const lab = await brokerLab()
    const origin = lab.broker.origin.replace('http:', 'https:')
    const { code, stderr } = await lab.run(['login', '--device', '--broker', origin])
    expect([code, stderr.slice(20)]).toEqual([
      1,
      `${new URL(origin).host} does not speak TLS. Check the scheme and the port.\n`,
    ])
  })

  test('has a certificate that nobody vouches for: it is said which flag to give', async () => {
    const lab = await brokerLab({ tls: true })
    const { stderr } = await lab.run(['login', '--device'])
    expect(stderr).toContain('is not trusted. Name who vouches for it: --ca PATH.')
  })

  test('has a certificate of another name: no authority would help', async () => {
    const lab = await brokerLab({ tls: true })
    const ca = lab.file('ca.pem', lab.broker.ca)
    const origin = lab.broker.origin.replace('localhost', '127.0.0.1')
    const { stderr } = await lab.run(['login', '--device', '--broker', origin, '--ca', ca])
    expect(stderr).toContain('is for another name. Check the address of the Postern.')
  })

  test('is nowhere: its address is to be looked at', async () => {
    const lab = await brokerLab()
    const { stderr } = await lab.run(['login', '--device', '--broker', 'https://none.invalid'])
    expect(stderr).toContain('There is no host none.invalid. Check the address of the Postern.')
  })

  test('is older than the command line: it is named, rather than an address that nobody wrote', async () => {
    const lab = await brokerLab()
    lab.broker.instead.set('POST /api/v1/device', (response) => {
      refuse(response, 404, 'not_found')
    })
    const { code, stderr } = await lab.run(['login', '--device'])
    expect([code, stderr.slice(20)]).toEqual([
      1,
      `${lab.broker.origin} does not know this request. It may be older than this command line.\n`,
    ])
  })
})

test.for([
  ['login', 'https://postern.corp.example'],
  ['logout', 'x'],
  ['whoami', 'x'],
  ['roles', 'x'],
  ['credentials', 'a', 'x'],
  ['console', 'a', 'x'],
])('words that would be passed over are refused: %j', async (words) => {
  const lab = await brokerLab()
  const { code, stdout, stderr } = await lab.run(words)
  expect([code, stdout, lab.broker.asked]).toEqual([1, '', []])
  expect(stderr).toContain(`unexpected word "${words.at(-1) ?? ''}"`)
  expect(stderr.includes('did you mean --broker https://')).toBe(words[0] === 'login')
})
