import { hostname, userInfo } from 'node:os'
import type { DeviceOrder } from '../../../contract/orders.ts'
import type { Surroundings } from '../../surroundings.ts'

type Terminal = NonNullable<DeviceOrder['terminal']>

/** What this terminal says of itself, so that whoever approves can recognize it. The contract's own limits. */
export function thisTerminal({ platform }: Pick<Surroundings, 'platform'>): Terminal {
  const host = oneLine(hostname(), 255)
  const user = oneLine(userName(), 255)
  return {
    ...(host !== '' && { host }),
    ...(user !== '' && { user }),
    system: oneLine(platform, 64),
  }
}

// A user of a container may have a number and no name.
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}

function oneLine(text: string, longest: number): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, longest)
}
