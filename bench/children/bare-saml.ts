import { SAML, ValidateInResponseTo } from '@node-saml/passport-saml'
import { answerParent } from './answer.ts'

/** The baseline of SAML: the library's own validation of responses, with nothing around it. */
const [certificate = '', audience = '', callbackUrl = ''] = process.argv.slice(2)
const library = new SAML({
  idpCert: certificate,
  issuer: audience,
  audience,
  callbackUrl,
  wantAssertionsSigned: true,
  wantAuthnResponseSigned: true,
  validateInResponseTo: ValidateInResponseTo.never,
  acceptedClockSkewMs: 120_000,
})

answerParent(0, async ({ responses }) => {
  const latencies: number[] = []
  for (const SAMLResponse of Array.isArray(responses) ? responses.map(String) : []) {
    const start = performance.now()
    const { profile } = await library.validatePostResponseAsync({ SAMLResponse })
    if (!profile) throw new Error('the library refused a genuine response')
    latencies.push(performance.now() - start)
  }
  return { latencies }
})
