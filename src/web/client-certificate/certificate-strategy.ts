import type { Request } from 'express'
import passport from 'passport'
import type { CertificateMethod } from '../../identity/client-certificate/certificate-method.ts'
import type { ReturnCodes } from '../../identity/client-certificate/return-code.ts'
import type { CookieJar } from '../cookies.ts'
import { Entrant } from '../entrant.ts'
import { rawQuery } from '../exchange.ts'
import { proveCertificate } from './prove-certificate.ts'
import { type Proven, readProven } from './proven-identity.ts'

/**
 * On the main origin, a certificate as a strategy of passport: the one that a proxy hands on, or the code that somebody
 * brings from the listener for certificates. It has no #private parts: passport works on derived objects.
 */
export class CertificateStrategy extends passport.Strategy {
  override readonly name: string
  readonly verify: (request: Request) => Promise<Entrant>

  constructor(method: CertificateMethod, codes: ReturnCodes, jar: CookieJar) {
    super()
    this.name = method.id
    this.verify = async (request) => {
      if (method.origin === undefined) return entrantOf(await proveCertificate(request, method))
      const code = new URLSearchParams(rawQuery(request)).get('code') ?? ''
      const { carried, proven } = await codes.redeem(code, jar.visitor.read(request) ?? '')
      return entrantOf(readProven(proven), carried)
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

function entrantOf({ identity, serial }: Proven, carried = ''): Entrant {
  const destination = carried === '' ? undefined : `/sign-in?continue=${carried}`
  return new Entrant(identity, { destination, certificateSerial: serial })
}
