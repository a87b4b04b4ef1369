import { InvalidRequest, TooManyRequests } from '../../src/errors.ts'
import type { Terminal } from '../../src/identity/terminals/terminal.ts'
import type { Frame } from '../../src/web/pages/frame.ts'
import { deviceModel } from '../../src/web/terminals/device-model.ts'
import {
  type TerminalQuestionFacts,
  terminalQuestionModel,
} from '../../src/web/terminals/terminal-question-model.ts'
import { terminalsModel } from '../../src/web/terminals/terminals-model.ts'
import { identityOf } from '../support/broker-fakes.ts'
import type { State } from './state.ts'

const laptop = { host: 'laptop', user: 'alice', system: 'Linux', address: '198.51.100.7' }
const hostile = {
  host: `<script>alert(1)</script>${'W'.repeat(200)}`,
  user: '"><img src=x onerror=alert(1)>',
  system: '‮txet‬ مرحبا 漢字',
  address: '2001:db8:1234:5678:9abc:def0:1234:5678',
}
const nameless = { host: undefined, user: undefined, system: undefined, address: '192.0.2.1' }

/** The pages of the command line's sign-ins. */
export function terminalStates(frame: Frame): Readonly<Record<string, State>> {
  const titled = { ...frame, title: 'Sign in the command line' }
  const question = (facts: Partial<TerminalQuestionFacts>): State => ({
    view: 'terminal-question',
    frame: titled,
    page: (now) =>
      terminalQuestionModel(
        {
          identity: identityOf('alice'),
          facts: laptop,
          visitorAddress: laptop.address,
          askedAt: now.getTime() - 20_000,
          endsAt: now.getTime() + 43_200_000,
          action: '/device',
          fields: { user_code: 'WDJB-MJHT' },
          ...facts,
        },
        now,
      ),
  })
  const terminals = (found: (now: number) => readonly Terminal[]): State => ({
    view: 'terminals',
    frame: { ...frame, title: 'Terminals' },
    page: (now) => terminalsModel(found(now.getTime()), now),
  })
  const device = (...of: Parameters<typeof deviceModel>): State => ({
    view: 'device',
    frame: titled,
    page: () => deviceModel(...of),
  })
  const decided = (approved: boolean, host: string | undefined): State => ({
    view: 'terminal-decided',
    frame: titled,
    page: () => ({ approved, host }),
  })
  return {
    'terminal-authorize': question({ action: '/authorize', port: '49152', fields: {} }),
    'terminal-device': question({ code: 'WDJB-MJHT', visitorAddress: '203.0.113.9' }),
    'terminal-device-nameless': question({ code: 'WDJB-MJHT', facts: nameless }),
    'terminal-hostile': question({ code: 'WDJB-MJHT', facts: hostile }),
    device: device(''),
    'device-unknown': device(
      'WDJB-MJH',
      new InvalidRequest('No command line waits with this code.'),
    ),
    'device-limited': device('WDJB', new TooManyRequests('Too many codes. Wait 60 s.', 60)),
    'terminal-approved': decided(true, 'laptop'),
    'terminal-denied': decided(false, hostile.host),
    'terminals-none': terminals(() => []),
    terminals: terminals((now) => [
      terminalOf(laptop, now, { lastAddress: '203.0.113.9' }),
      terminalOf(nameless, now, {}),
      terminalOf(hostile, now, {}),
    ]),
  }
}

function terminalOf(facts: Terminal['facts'], now: number, more: Partial<Terminal>): Terminal {
  return {
    id: 'AAAAAAAAAAAAAAAAAAAAAA',
    identity: identityOf('alice'),
    facts,
    createdAt: now - 7_200_000,
    lastUsedAt: now - 240_000,
    lastAddress: facts.address,
    expiresAt: now + 36_000_000,
    ...more,
  }
}
