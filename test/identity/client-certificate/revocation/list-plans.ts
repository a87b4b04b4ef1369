import 'reflect-metadata'
import { Extension } from '@peculiar/x509'
import { der } from '../../../support/certificates/raw-der.ts'
import { noon } from '../../../support/certificates/test-authority.ts'

/** So many hours from the noon of these tests. */
export const hours = (count: number) => new Date(noon.getTime() + count * 3_600_000)
/** The critical extension that says what a list is for (RFC 5280 §5.2.5). */
export const issuingPoint = (...content: readonly Uint8Array[]) =>
  new Extension('2.5.29.28', true, der(0x30, ...content))
/** A distribution point by its address. */
export const uri = (text: string) => der(0xa0, der(0xa0, der(0x86, text)))
