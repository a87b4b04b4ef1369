import { InvalidRequest } from '../../errors.ts'
import type { WaitingDevice } from '../../identity/terminals/device-codes.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { SignedInExchange } from '../exchange.ts'
import { approverOf } from './approver.ts'
import { orUndo } from './or-undo.ts'
import type { TerminalRecord, Told } from './terminal-record.ts'

export interface DeviceDecision {
  approve(exchange: SignedInExchange, device: WaitingDevice): Promise<void>
  deny(exchange: SignedInExchange, device: WaitingDevice): Promise<void>
}

/**
 * Somebody's yes or no to a waiting device: decided first, so that the trail never tells of an approval that came too
 * late, and recorded before the device can sign in. Both throw InvalidRequest where somebody else has decided, or time
 * has, and reject with StateUnavailable or AuditUnavailable.
 */
export function createDeviceDecision(
  { terminalCodes }: Pick<WebDependencies, 'terminalCodes'>,
  record: TerminalRecord,
): DeviceDecision {
  return {
    async approve(exchange, device) {
      const told = toldOf(exchange, device)
      demand(await terminalCodes.claim(device, approverOf(exchange)))
      await orUndo(
        () => record.happened(exchange, 'terminal-approved', told),
        () => terminalCodes.giveBack(device),
      )
      await orUndo(
        async () => {
          demand(await terminalCodes.approve(device))
        },
        async (error) => {
          await record.failed(exchange, told, error)
          await terminalCodes.giveBack(device)
        },
      )
    },

    async deny(exchange, device) {
      demand(await terminalCodes.deny(device))
      await record.happened(exchange, 'terminal-denied', toldOf(exchange, device))
    },
  }
}

/** Of a code that nothing waits with, or nothing any more. */
export function unknownCode(): InvalidRequest {
  return new InvalidRequest(
    'No command line waits with this code. It may be mistyped, used, or older than ten minutes.',
    { detail: 'no device waits with this user code' },
  )
}

function demand(decided: boolean): void {
  if (!decided) throw unknownCode()
}

function toldOf({ identity }: SignedInExchange, { terminal, facts }: WaitingDevice): Told {
  return { id: terminal, identity, facts }
}
