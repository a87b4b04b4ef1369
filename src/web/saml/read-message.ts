import type { Request, Response } from 'express'
import { ContentTooLarge, InvalidRequest, UnsupportedMediaType } from '../../errors.ts'
import { SamlRefusal } from '../../identity/saml/saml-refusal.ts'
import { formReader } from '../forms/body.ts'
import type { Fields } from '../forms/fields.ts'

/**
 * Reads the form that carries a SAML message of at most `maxBytes`, once decoded. What the form itself lacks is refused
 * as SAML's refusals are, so that it is counted and recorded with a code as well. Throws SamlRefusal.
 */
export function messageReader(
  maxBytes: number,
): (request: Request, response: Response) => Promise<Fields> {
  // Base64, its signs and line ends percent-encoded; a RelayState and the names beside it.
  const read = formReader(Math.ceil(maxBytes * 1.6) + 4096)
  return async (request, response) => {
    try {
      return await read(request, response)
    } catch (error) {
      if (error instanceof ContentTooLarge)
        throw new SamlRefusal('saml_too_large', 'Found: a larger form.', error)
      if (error instanceof InvalidRequest || error instanceof UnsupportedMediaType)
        throw new SamlRefusal('saml_field', `Found: ${error.message}`, error)
      throw error
    }
  }
}
