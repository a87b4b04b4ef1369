import { decrypt } from 'xml-encryption'

/**
 * Decrypts the one EncryptedAssertion in the XML with the first of the private keys (PEM) that does it. Undefined when
 * none does; why is not told, since the reason would be an oracle (XML Encryption 1.1 §6.1.1).
 */
export function decryptAssertion(
  xml: string,
  privateKeys: readonly string[],
): { text: string; key: string } | undefined {
  for (const key of privateKeys) {
    const outcome: { text?: string } = {}
    // Calls back before it returns.
    decrypt(xml, { key, disallowDecryptionWithInsecureAlgorithm: true }, (error, result) => {
      if (!error) outcome.text = result
    })
    if (outcome.text) return { text: outcome.text, key }
  }
  return undefined
}
