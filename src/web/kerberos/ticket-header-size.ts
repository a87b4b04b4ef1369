import { longestTokenText } from '../../identity/kerberos/negotiate-token.ts'

/** Bytes of a request's header lines where one is a ticket: the largest one, and as much beside it as anywhere else. */
export const ticketHeaderSize = longestTokenText + 16_384
