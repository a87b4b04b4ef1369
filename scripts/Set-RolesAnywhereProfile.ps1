<#
.SYNOPSIS
  Exports a certificate of the current user from the Windows store and makes an AWS profile that uses it.
.DESCRIPTION
  Does the part that only Windows can: it finds the certificate, by thumbprint, issuer or extended key usage, exports it
  with its key under a password that exists for this run alone, and hands both to "postern setup roles-anywhere", which
  does the rest. Run it again when the certificate has been renewed. It needs no administrator.
.EXAMPLE
  .\Set-RolesAnywhereProfile.ps1 -TrustAnchorArn ARN -ProfileArn ARN -RoleArn ARN -CodeSigning
.EXAMPLE
  .\Set-RolesAnywhereProfile.ps1 -TrustAnchorArn ARN -ProfileArn ARN -RoleArn ARN -Issuer 'CN=Corp Issuing CA'
#>
[CmdletBinding()]
param(
  [Parameter(Mandatory)] [string] $TrustAnchorArn,
  [Parameter(Mandatory)] [string] $ProfileArn,
  [Parameter(Mandatory)] [string] $RoleArn,
  [string] $Thumbprint,
  # A part of the issuer's name, compared as written.
  [string] $Issuer,
  # An extended key usage, as its number: 1.3.6.1.5.5.7.3.2 is client authentication.
  [string] $EnhancedKeyUsage,
  [switch] $CodeSigning,
  [string] $ProfileName = 'iamrolesanywhere',
  [string] $Region,
  [string] $Postern = 'postern'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Find-UserCertificate {
  $usage = if ($CodeSigning) { '1.3.6.1.5.5.7.3.3' } else { $EnhancedKeyUsage }
  $now = Get-Date
  $found = @(Get-ChildItem -Path Cert:\CurrentUser\My | Where-Object {
      $_.HasPrivateKey -and $_.NotBefore -le $now -and $_.NotAfter -gt $now -and
      (-not $Thumbprint -or $_.Thumbprint -eq ($Thumbprint -replace '[^0-9A-Fa-f]')) -and
      (-not $Issuer -or $_.Issuer.Contains($Issuer)) -and
      (-not $usage -or @($_.EnhancedKeyUsageList | ForEach-Object { $_.ObjectId }) -contains $usage)
    } | Sort-Object -Property NotAfter -Descending)
  if ($found.Count -eq 0) {
    throw 'No certificate of yours with a private key matches. Look with: Get-ChildItem Cert:\CurrentUser\My'
  }
  # Of those that match, the one that lasts longest: a renewed certificate stands beside its predecessor for a while.
  return $found[0]
}

function New-RandomPassword {
  $bytes = New-Object byte[] 32
  $random = [Security.Cryptography.RandomNumberGenerator]::Create()
  try { $random.GetBytes($bytes) } finally { $random.Dispose() }
  return [Convert]::ToBase64String($bytes)
}

$certificate = Find-UserCertificate
Write-Verbose "Using $($certificate.Thumbprint), which ends on $($certificate.NotAfter)"

$folder = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
[void](New-Item -ItemType Directory -Path $folder)
try {
  $account = [Security.Principal.WindowsIdentity]::GetCurrent().Name
  & icacls.exe $folder /inheritance:r /grant:r "${account}:(OI)(CI)F" | Out-Null
  if ($LASTEXITCODE -ne 0) { throw 'The temporary folder could not be closed to others.' }

  $password = New-RandomPassword
  $pfx = Join-Path $folder 'certificate.pfx'
  $secure = ConvertTo-SecureString -String $password -AsPlainText -Force
  [void](Export-PfxCertificate -Cert $certificate -FilePath $pfx -Password $secure -ChainOption BuildChain)

  $arguments = @(
    'setup', 'roles-anywhere',
    '--pfx', $pfx, '--pfx-password-file', '-',
    '--trust-anchor-arn', $TrustAnchorArn, '--profile-arn', $ProfileArn, '--role-arn', $RoleArn,
    '--profile', $ProfileName
  )
  if ($Region) { $arguments += @('--region', $Region) }
  # By the pipe, because arguments are for all programs to see.
  $password | & $Postern @arguments
  if ($LASTEXITCODE -ne 0) { throw "postern ended with $LASTEXITCODE; see IAMRolesAnywhereScript.log in your profile folder." }
  'To take over a renewed certificate each day at 9, have a task run this script, with the same parameters:'
  '  schtasks /Create /TN "Postern roles-anywhere" /SC DAILY /ST 09:00 /TR "powershell.exe -NoProfile -File \"{0}\" ..."' -f $PSCommandPath
}
finally {
  Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction SilentlyContinue
}
