#Requires -Version 5.1
<#
.SYNOPSIS
  Gets temporary AWS credentials from Postern with your Windows session, and sets them for this PowerShell session.
.DESCRIPTION
  Asks Postern for a role with the Kerberos ticket of whoever runs this, by one HTTPS request and through the proxy that
  Windows is set to. No password is asked for, and nothing is written to a file: the credentials stand in AWS_* variables
  of this PowerShell process and of what it starts, until they end.

  Postern must have a sign-in method of the type kerberos, and must be addressed by the host name of its service principal.
  Works in Windows PowerShell 5.1 and PowerShell 7. In a scheduled task, the ticket is that of the task's account; computers
  and service accounts need machines: true in the method.
.PARAMETER Role
  ARN of the role.
.PARAMETER Broker
  Address of Postern, https://aws.corp.example. Unless given, what POSTERN_BROKER names.
.PARAMETER Duration
  Seconds for which the credentials are wanted; the role's default unless given.
.PARAMETER Region
  Region for AWS_REGION and AWS_DEFAULT_REGION. Both stay as they are unless given.
.PARAMETER PassThru
  Also gives an object with the role and the time when the credentials end. It holds no secret.
.EXAMPLE
  .\Set-PosternCredential.ps1 -Broker https://aws.corp.example -Role arn:aws:iam::111111111111:role/ReadOnly
.EXAMPLE
  .\Set-PosternCredential.ps1 arn:aws:iam::111111111111:role/ReadOnly -Duration 3600 -Region eu-west-1 -PassThru
.NOTES
  Ends with an error, and leaves the variables as they were, when Postern refuses or can't be reached.
#>
[CmdletBinding()]
param(
  [Parameter(Mandatory, Position = 0)]
  [ValidatePattern('^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+$')]
  [string] $Role,
  [uri] $Broker = $Env:POSTERN_BROKER,
  [ValidateRange(900, 43200)] [int] $Duration,
  [ValidatePattern('^[a-z0-9-]{1,64}$')] [string] $Region,
  [switch] $PassThru
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Get-RequestUri {
  if ($null -eq $Broker -or -not $Broker.IsAbsoluteUri) {
    throw 'Name Postern with -Broker https://..., or set the variable POSTERN_BROKER.'
  }
  # On the way, a ticket can be used by whoever sees it first.
  if ($Broker.Scheme -ne 'https' -and -not $Broker.IsLoopback) {
    throw "Postern is asked over https only, and $Broker is something else."
  }
  return New-Object uri -ArgumentList $Broker, '/api/v1/role-sessions'
}

function Get-ProxyParameter([uri] $Uri) {
  $system = [Net.WebRequest]::GetSystemWebProxy()
  $address = if ($system.IsBypassed($Uri)) { $null } else { $system.GetProxy($Uri) }
  if ($null -eq $address -or $address -eq $Uri) { return @{} }
  return @{ Proxy = $address; ProxyUseDefaultCredentials = $true }
}

function Invoke-Postern([uri] $Uri) {
  $wish = @{ role = $Role }
  if ($Duration) { $wish['duration'] = $Duration }
  $request = @{
    Uri                   = $Uri
    Method                = 'Post'
    ContentType           = 'application/json'
    Body                  = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $wish -Compress))
    UseDefaultCredentials = $true
    UseBasicParsing       = $true
    MaximumRedirection    = 0
    TimeoutSec            = 60
  }
  $proxy = Get-ProxyParameter $Uri
  $protocols = [Net.ServicePointManager]::SecurityProtocol
  try {
    # Windows PowerShell may be left with what Postern no longer speaks. PowerShell 7 goes by the settings of Windows.
    if ($PSVersionTable.PSVersion.Major -lt 6) {
      [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
    }
    return Invoke-RestMethod @request @proxy
  }
  catch {
    throw (Get-Reason $_ $Uri)
  }
  finally {
    [Net.ServicePointManager]::SecurityProtocol = $protocols
  }
}

# What Postern said, or why it said nothing. Its request ID leads to the reason in its log.
function Get-Reason([Management.Automation.ErrorRecord] $Failure, [uri] $Uri) {
  $response = $Failure.Exception.PSObject.Properties['Response']
  if ($null -eq $response -or $null -eq $response.Value) {
    return "$Uri could not be asked: $($Failure.Exception.Message)"
  }
  $status = [int] $response.Value.StatusCode
  $said = $null
  try { $said = ConvertFrom-Json -InputObject "$($Failure.ErrorDetails.Message)" } catch { $said = $null }
  $reason = 'It gave no reason.'
  if ($null -ne $said -and $null -ne $said.PSObject.Properties['error_description']) {
    $reason = $said.error_description
    if ($null -ne $said.PSObject.Properties['request_id']) { $reason += " Request ID $($said.request_id)." }
  }
  $hint = ''
  if ($status -eq 401) {
    $hint = " See with 'klist get HTTP/$($Uri.DnsSafeHost)' whether you get a ticket for Postern."
  }
  return "Postern refused ($status): $reason$hint"
}

function Set-CredentialVariable($Credentials) {
  $names = 'accessKeyId', 'secretAccessKey', 'sessionToken', 'expiration'
  foreach ($name in $names) {
    $value = $Credentials.PSObject.Properties[$name]
    if ($null -eq $value -or -not $value.Value) { throw "Postern's answer has no $name." }
  }
  # PowerShell 7 has made a date of it, Windows PowerShell has not.
  $ends = ([datetime] $Credentials.expiration).ToUniversalTime()
  $variables = [ordered] @{
    AWS_ACCESS_KEY_ID         = $Credentials.accessKeyId
    AWS_SECRET_ACCESS_KEY     = $Credentials.secretAccessKey
    AWS_SESSION_TOKEN         = $Credentials.sessionToken
    AWS_CREDENTIAL_EXPIRATION = $ends.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
  }
  if ($Region) {
    $variables['AWS_REGION'] = $Region
    $variables['AWS_DEFAULT_REGION'] = $Region
  }
  # Some tools take these before the keys.
  $stale = 'Env:AWS_PROFILE', 'Env:AWS_DEFAULT_PROFILE', 'Env:AWS_SECURITY_TOKEN'
  Remove-Item -Path $stale -ErrorAction SilentlyContinue
  foreach ($name in $variables.Keys) { Set-Item -Path "Env:$name" -Value $variables[$name] }
  return $ends
}

$answer = Invoke-Postern (Get-RequestUri)
$property = $answer.PSObject.Properties['credentials']
if ($null -eq $property) { throw "What answered at $Broker is not Postern." }
$ends = Set-CredentialVariable $property.Value
Write-Verbose "The credentials of $Role end at $($ends.ToString('u'))."
if ($PassThru) { [pscustomobject] @{ Role = $Role; Expires = $ends } }
