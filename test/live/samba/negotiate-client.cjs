// Prints a fresh token for a GSS service name. Usage: node negotiate-client.cjs FOLDER SERVICE [krb5]
// A ticket is taken from KRB5CCNAME; FOLDER is where the package kerberos is installed.
const { createRequire } = require('node:module')
const { argv, stdout } = require('node:process')
const [, , folder, service, mechanism] = argv
const kerberos = createRequire(`${folder}/package.json`)('kerberos')
const mechOID = mechanism === 'krb5' ? kerberos.GSS_MECH_OID_KRB5 : kerberos.GSS_MECH_OID_SPNEGO
kerberos
  .initializeClient(service, { mechOID, gssFlags: kerberos.GSS_C_MUTUAL_FLAG })
  .then((client) => client.step(''))
  .then((token) => stdout.write(token))
