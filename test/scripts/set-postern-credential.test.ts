import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { environmentOf, staleVariables } from '../../src/credentials/environment.ts'

// PowerShell is not on the machines where tests run: these hold the text, and a live test its grammar.
const script = readFileSync('scripts/Set-PosternCredential.ps1', 'utf8')
const [, help = '', code = ''] = /<#([\s\S]*?)#>([\s\S]*)/.exec(script) ?? []

describe('scripts/Set-PosternCredential.ps1', () => {
  test('is ASCII, because Windows PowerShell reads a file without BOM in the code page of the machine', () => {
    expect(script).toMatch(/^[\n\x20-\x7e]*$/)
    expect(script).toMatch(/^#Requires -Version 5\.1\n/)
  })

  test('has help for each of its parameters, and examples', () => {
    const [, block = ''] = /\nparam\(([\s\S]*?)\n\)\n/.exec(code) ?? []
    const parameters = [...block.matchAll(/\] \$(\w+)/g)].map(([, name]) => name)
    const told = [...help.matchAll(/^\.PARAMETER (\w+)$/gm)].map(([, name]) => name)
    expect(parameters).toEqual(['Role', 'Broker', 'Duration', 'Region', 'PassThru'])
    expect(told).toEqual(parameters)
    for (const section of ['SYNOPSIS', 'DESCRIPTION', 'EXAMPLE', 'NOTES']) {
      expect(help).toMatch(new RegExp(`^\\.${section}$`, 'm'))
    }
  })

  test('sends the ticket of whoever runs it, over https and TLS 1.2, by the proxy of the system', () => {
    expect(code).toMatch(/UseDefaultCredentials\s+= \$true/)
    expect(code).toMatch(/Scheme -ne 'https' -and -not \$Broker\.IsLoopback/)
    expect(code).toContain('[Net.SecurityProtocolType]::Tls12')
    expect(code).toContain('GetSystemWebProxy()')
    expect(code).toContain('ProxyUseDefaultCredentials = $true')
    expect(code).toMatch(/MaximumRedirection\s+= 0/)
    expect(code).not.toMatch(
      /SkipCertificateCheck|ServerCertificateValidationCallback|Ssl3|Tls11\b/,
    )
    expect(code).not.toMatch(/Get-Credential|ConvertTo-SecureString|AllowUnencrypted/)
  })

  test('asks as the API is asked', () => {
    expect(code).toContain("'/api/v1/role-sessions'")
    expect(code).toMatch(/ContentType\s+= 'application\/json'/)
    expect(code).toContain('@{ role = $Role }')
    expect(code).toContain("$wish['duration'] = $Duration")
  })

  test('sets what every snippet for PowerShell sets, and drops what would win over it', () => {
    const credentials = {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiration: new Date('2026-11-20T09:14:00Z'),
    }
    const names = environmentOf(credentials, { region: 'eu-west-1' }).map(([name]) => name)
    const [, body = ''] = /function Set-CredentialVariable\(([\s\S]*?)\n\}\n/.exec(code) ?? []
    const set = [...body.matchAll(/^ +(AWS_\w+) +=|\$variables\['(AWS_\w+)'\]/gm)]
    expect(set.map(([, one, other]) => one ?? other)).toEqual(names)
    const dropped = [...body.matchAll(/'Env:(\w+)'/g)].map(([, name]) => name)
    expect(dropped).toEqual([...staleVariables])
  })

  test('shows no secret', () => {
    const shown = code
      .split('\n')
      .filter((line) => /Write-|throw|return "|pscustomobject/.test(line))
    expect(shown.length).toBeGreaterThan(5)
    expect(shown.join('\n')).not.toMatch(/secretAccessKey|sessionToken|\$Credentials\b/)
    expect(code).not.toMatch(/Out-File|Set-Content|Add-Content|Write-Host|SetEnvironmentVariable/)
  })
})
