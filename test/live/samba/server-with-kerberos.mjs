// postern-server with the optional package kerberos of another folder: that of POSTERN_KERBEROS.
import { createRequire, registerHooks } from 'node:module'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

const { resolve } = createRequire(`${process.env.POSTERN_KERBEROS}/package.json`)
const kerberos = pathToFileURL(resolve('kerberos')).href
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === 'kerberos' ? kerberos : specifier, context),
})
await import('../../../bin/postern-server.cjs')
