import type { Request } from 'express'
import passport from 'passport'
import { SignInFailed } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import type { FormSignIn } from '../identity/local-form.ts'
import type { SignInLimits } from '../identity/sign-in-limits.ts'
import { Entrant } from './entrant.ts'
import { formOf } from './forms/body.ts'
import { readSignInForm } from './forms/form-fields.ts'
import { requestFacts } from './request-context.ts'

/** A form with name and password, as a strategy of passport. It has no #private parts: passport works on derived objects. */
export class FormStrategy extends passport.Strategy {
  override readonly name: string
  readonly verify: (request: Request) => Promise<Identity>

  constructor(form: FormSignIn, limits: SignInLimits) {
    super()
    this.name = form.id
    this.verify = (request) => verify(request, form, limits)
  }

  override authenticate(request: Request): void {
    this.verify(request).then(
      (identity) => {
        this.success(new Entrant(identity))
      },
      (error: unknown) => {
        this.error(error)
      },
    )
  }
}

async function verify(request: Request, form: FormSignIn, limits: SignInLimits): Promise<Identity> {
  const typed = readSignInForm(formOf(request))
  const { address } = requestFacts(request)
  const signIn = { address, people: form.people, name: typed.name }
  await limits.admit(signIn)
  try {
    const identity = await form.verify(typed)
    await limits.succeeded(signIn)
    return identity
  } catch (error) {
    if (error instanceof SignInFailed) await limits.refused(signIn)
    throw error
  }
}
