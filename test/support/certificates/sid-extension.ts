import 'reflect-metadata'
import { Extension } from '@peculiar/x509'
import { der, otherName } from './raw-der.ts'

/** The extension that AD CS writes for the account of a certificate. */
export function sidExtension(sid: string): Extension {
  const value = der(0x30, otherName('sid', der(0x04, sid)))
  return new Extension('1.3.6.1.4.1.311.25.2', false, value)
}
