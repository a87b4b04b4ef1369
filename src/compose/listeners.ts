import type { Server } from 'node:http'
import { Server as TlsServer, type TlsOptions } from 'node:tls'
import type { Postern } from '../compose.ts'
import type { Config } from '../config/config.ts'
import { tlsPolicy } from '../identity/client-certificate/tls-policy.ts'
import { ticketHeaderSize } from '../web/kerberos/ticket-header-size.ts'
import { listen } from '../web/listener.ts'

const forwardedHeaderSize = 49_152

/** Servers that are open, and are all to be closed again. */
export interface Listeners {
  /** Those whose requests are to be finished: the main one and those for certificates. */
  readonly servers: readonly Server[]
  readonly operations: readonly Server[]
}

/** Opens every listener of a configuration, or none. Rejects with an Error that says in one line what to change. */
export async function openListeners(postern: Postern, config: Config): Promise<Listeners> {
  const { certificates } = postern
  const open: Server[] = []
  const renewals: (() => void)[] = []
  const opened = async (listening: Promise<readonly Server[]>): Promise<readonly Server[]> => {
    const servers = await listening
    open.push(...servers)
    return servers
  }
  const renewable = (servers: readonly Server[], options: () => TlsOptions): void => {
    renewals.push(() => {
      for (const server of servers)
        if (server instanceof TlsServer) server.setSecureContext(options())
    })
  }

  try {
    const { host, port } = config.listen
    const tls = config.listen.tls && {
      certificate: config.listen.tls.certificate,
      key: config.listen.tls.key.reveal(),
    }
    const proxyClients = certificates.proxyClients()
    const maxHeaderSize = headerSizeFor(config)
    const main = { host, port, tls, maxHeaderSize, tlsOptions: proxyClients }
    const servers = [...(await opened(listen(postern.app, main)))]
    if (tls && proxyClients)
      renewable([...servers], () => ({
        ...tlsPolicy,
        cert: tls.certificate,
        key: tls.key,
        ...certificates.proxyClients(),
      }))
    for (const listener of certificates.listeners) {
      const { app, host, port } = listener
      const at = { host, port, tls: listener.pair(), tlsOptions: listener.tlsOptions() }
      const own = await opened(listen(app, at))
      servers.push(...own)
      renewable(own, () => listener.tlsOptions())
    }
    certificates.onChange(() => {
      for (const renew of renewals) renew()
    })
    return { servers, operations: await opened(listen(postern.operations, config.operations)) }
  } catch (error) {
    for (const server of open) server.close()
    throw error
  }
}

/** Tickets hold all groups of a person, certificates may come with their chain, and both come as headers. */
function headerSizeFor({ signIn }: Config): number | undefined {
  if (signIn.some(({ type }) => type === 'kerberos')) return ticketHeaderSize
  const forwarded = signIn.some(
    (method) => method.type === 'client-certificate' && method.entry.by === 'proxy',
  )
  return forwarded ? forwardedHeaderSize : undefined
}
