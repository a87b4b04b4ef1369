import { escapeMarkup } from '../http/html.ts'
import { xmlReply, type Reply } from '../http/reply.ts'
import { METADATA, POST_BINDING, PROTOCOL } from '../saml/names.ts'

/** AWS's own metadata as a service provider, which identity providers are set up with. */
export function samlMetadata(origin: string, requestId: string): Reply {
  const location = escapeMarkup(`${origin}/saml`)
  return xmlReply(
    200,
    requestId,
    `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="${METADATA}" entityID="urn:amazon:webservices">
<md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="${PROTOCOL}">
<md:AssertionConsumerService index="1" isDefault="true" Binding="${POST_BINDING}" Location="${location}"/>
</md:SPSSODescriptor>
</md:EntityDescriptor>
`,
  )
}
