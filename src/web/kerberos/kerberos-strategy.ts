import type { Request } from 'express'
import passport from 'passport'
import type { KerberosMethod } from '../../identity/kerberos/kerberos-method.ts'
import { Entrant } from '../entrant.ts'
import { negotiationOf } from './negotiation.ts'

/** A ticket, as a strategy of passport. It has no #private parts: passport works on derived objects. */
export class KerberosStrategy extends passport.Strategy {
  override readonly name: string
  readonly verify: (request: Request) => Promise<Entrant>

  constructor(method: KerberosMethod) {
    super()
    this.name = method.id
    this.verify = async (request) => {
      const { identity, mutualToken } = await method.verify(negotiationOf(request))
      return new Entrant(identity, { mutualToken })
    }
  }

  override authenticate(request: Request): void {
    this.verify(request).then(
      (entrant) => {
        this.success(entrant)
      },
      (error: unknown) => {
        this.error(error)
      },
    )
  }
}
