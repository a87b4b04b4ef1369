import { signInModel } from '../../src/web/pages/sign-in-model.ts'
import type { Frame } from '../../src/web/pages/frame.ts'
import type { State } from './state.ts'

const methods = [{ id: 'adfs', label: 'Corporate SSO', kind: 'saml' }] as const

/** The pages between Postern and an identity provider: signed out, and on the way. */
export function leavingStates(outside: Frame): Readonly<Record<string, State>> {
  const signedOut = (there: boolean | undefined): State => ({
    view: 'sign-in',
    frame: outside,
    page: () => signInModel({ methods, signedOut: { there, provider: 'Corporate SSO' } }),
  })
  return {
    'signed-out': signedOut(undefined),
    'signed-out-here': signedOut(false),
    'signed-out-both': signedOut(true),
    carry: {
      view: 'carry',
      frame: { ...outside, title: 'Signing out' },
      page: () => ({
        heading: 'Signing out',
        text: 'You are signed out of Postern. The next page signs you out of Corporate SSO.',
        url: 'https://adfs.corp.example/adfs/ls/?SAMLRequest=fZJNT8JAEIb',
        fields: undefined,
        label: 'Go on',
      }),
    },
  }
}
