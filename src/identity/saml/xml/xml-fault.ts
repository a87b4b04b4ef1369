/** What the reader would not read. */
export type XmlFaultKind =
  | 'too-large'
  | 'too-deep'
  | 'too-many'
  | 'encoding'
  | 'doctype'
  | 'processing-instruction'
  | 'comment'
  | 'cdata'
  | 'entity'
  | 'namespace'
  | 'malformed'

/** The text is not XML, or is XML that no SAML message needs. `message` names the place, never its content. */
export class XmlFault extends Error {
  readonly kind: XmlFaultKind

  constructor(kind: XmlFaultKind, message: string) {
    super(message)
    this.name = 'XmlFault'
    this.kind = kind
  }
}
