import type { Effects } from '../effects.ts'
import { personKey } from '../identity/identity.ts'
import { FairLimit, type FairLimitOptions } from './fair-limit.ts'
import type { IssueOrder, Issuer } from './issuer.ts'

/** One limit for each account and region that AWS counts calls for, whichever issuers make them. */
export class Limits {
  readonly #effects: Pick<Effects, 'now' | 'sleep'>
  readonly #limits = new Map<string, FairLimit>()

  constructor(effects: Pick<Effects, 'now' | 'sleep'>) {
    this.#effects = effects
  }

  /** The issuer, kept below AWS's quota. `placeOf` names what AWS counts an order for: the calling account and a region. */
  guard(issuer: Issuer, options: FairLimitOptions, placeOf: (order: IssueOrder) => string): Issuer {
    return {
      name: issuer.name,
      limits: () => issuer.limits(),
      issue: async (order) => {
        await this.#of(placeOf(order), options).admit(personKey(order.person))
        return issuer.issue(order)
      },
    }
  }

  #of(place: string, options: FairLimitOptions): FairLimit {
    const known = this.#limits.get(place)
    if (known) return known
    const made = new FairLimit(options, this.#effects)
    this.#limits.set(place, made)
    return made
  }
}
