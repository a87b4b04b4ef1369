import { CertificateRefusal } from '../../../src/identity/client-certificate/certificate-refusal.ts'

/** The code with which something is refused, or what came out instead; anything else that is thrown is a failure. */
export async function refusalOf(act: () => unknown): Promise<unknown> {
  try {
    return { accepted: await act() }
  } catch (error) {
    if (error instanceof CertificateRefusal) return error.refusal
    throw error
  }
}
