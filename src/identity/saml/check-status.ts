import { protocolNs, successStatus } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

/** The top-level status code of a response, and everything it says for the log. Throws SamlRefusal when there is none. */
export function readStatus(response: XmlElement): { success: boolean; found: string } {
  const [status, ...others] = childrenOf(response, protocolNs, 'Status')
  const [code, ...otherCodes] = status ? childrenOf(status, protocolNs, 'StatusCode') : []
  if (!status || !code || others.length + otherCodes.length > 0)
    refuse('saml_status', 'Found: not one Status with one StatusCode.')
  const codes = [code, ...childrenOf(code, protocolNs, 'StatusCode')].map(
    (element) => attributeOf(element, 'Value') ?? '',
  )
  const [message] = childrenOf(status, protocolNs, 'StatusMessage')
  const words = [
    ...codes.map((value) => value.slice(value.lastIndexOf(':') + 1)),
    message?.text ?? '',
  ]
  return { success: codes[0] === successStatus, found: words.join(' ').slice(0, 300) }
}

/** Refuses a response that does not report success (SAML core §3.2.2.2). */
export function checkStatus(response: XmlElement): void {
  const { success, found } = readStatus(response)
  if (!success) refuse('saml_status', `Found: ${found}.`)
}
