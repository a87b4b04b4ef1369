import { ExchangeFailed } from '../../rolesanywhere/exchange.ts'

/** Why a broker can't be reached, with what to do about it; everything else as it is. */
export function inReachWords(error: unknown, { host }: URL): unknown {
  if (!(error instanceof ExchangeFailed)) return error
  const { cause, detail } = error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const words = wordsFor(code, host)
  if (words === undefined) return error
  // What OpenSSL says of another protocol is of no use to anybody.
  const more = code !== wrongProtocol && detail !== undefined && { detail }
  return new ExchangeFailed(words, error.mayPass, { cause, ...more })
}

const wrongProtocol = 'ERR_SSL_WRONG_VERSION_NUMBER'

function wordsFor(code: string, host: string): string | undefined {
  if (code === 'ENOTFOUND') return `There is no host ${host}. Check the address of the Postern.`
  if (code === wrongProtocol) return `${host} does not speak TLS. Check the scheme and the port.`
  if (code === 'CERT_HAS_EXPIRED') return `The certificate of ${host} has expired.`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The certificate of ${host} is for another name. Check the address of the Postern.`
  }
  return /^(?:UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code)
    ? `The certificate of ${host} is not trusted. Name who vouches for it: --ca PATH.`
    : undefined
}
