# Stand-ins for the cmdlets of documented-cmdlets.txt, and for the programs of Windows: they take the documented parameters, do nothing, and give an object.
param([string]$File)

$types = @{ Int32 = 'int'; Int64 = 'long'; UInt32 = 'uint32'; Boolean = 'bool'; TimeSpan = 'timespan'; DateTime = 'datetime'; PSCredential = 'pscredential'; SecureString = 'securestring' }

# One parameter of a syntax line: name, type, whether it must be given, whether it has a place, its values.
function Read-Syntax([string]$Line) {
    $pattern = '\[\[-(?<op>\w+)\] <(?<opt>[^>]+)>\]|\[-(?<mp>\w+)\] <(?<mpt>[^>]+)>|\[-(?<on>\w+) <(?<ont>[^>]+)>\]|\[-(?<sw>\w+)\]|-(?<mn>\w+) <(?<mnt>[^>]+)>'
    $place = 0
    foreach ($found in [regex]::Matches($Line, $pattern)) {
        $kind = @('op', 'mp', 'on', 'sw', 'mn' | Where-Object { $found.Groups[$_].Success })[0]
        $type = $found.Groups["${kind}t"].Value
        $name = $found.Groups[$kind].Value
        if ($name -in 'WhatIf', 'Confirm') { continue }
        [pscustomobject]@{
            Name = $name; Switch = $kind -eq 'sw'; Mandatory = $kind -in 'mp', 'mn'; Position = if ($kind -in 'op', 'mp') { ($place++) } else { $null }
            Type = ($type -split '[:^]')[0]; Pipe = $type -match '\^'; Values = if ($type -match ': (.+)$') { $Matches[1] -split '\|' } else { @() }
        }
    }
}

function New-Stub([string]$Name, [object[]]$Sets) {
    $parameters = @($Sets | ForEach-Object { $_ } | Group-Object Name | ForEach-Object {
            $parameter = $_.Name
            $one = $_.Group[0]
            $marks = for ($set = 0; $set -lt $Sets.Count; $set++) {
                foreach ($in in $Sets[$set] | Where-Object Name -eq $parameter) {
                    $words = @("ParameterSetName='S$set'")
                    if ($in.Mandatory) { $words += 'Mandatory' }
                    if ($null -ne $in.Position) { $words += "Position=$($in.Position)" }
                    if ($in.Pipe) { $words += 'ValueFromPipeline', 'ValueFromPipelineByPropertyName' }
                    "[Parameter($($words -join ','))]"
                }
            }
            $values = if ($one.Values.Count) { "[ValidateSet($(($one.Values | ForEach-Object { "'$_'" }) -join ','))]" }
            $bare = $one.Type -replace '\[\]$'
            $type = if ($one.Switch) { 'switch' } else { $(if ($types[$bare]) { $types[$bare] } else { $bare.ToLowerInvariant() }) + $(if ($one.Type -match '\[\]$') { '[]' }) }
            $alias = if ($parameter -eq 'Path') { "[Alias('PSPath')]" }
            "$($marks -join '') $values $alias [$type]`$$parameter"
        })
    $code = "[CmdletBinding(SupportsShouldProcess, DefaultParameterSetName='S0')] param($($parameters -join ', ')) process { Get-StubObject '$Name' `$PSBoundParameters }"
    Set-Item "function:global:$Name" ([scriptblock]::Create($code))
}

# What a stand-in gives: properties and methods that printed commands use of it.
function global:Get-StubObject([string]$Name, $Bound) {
    $certificate = [pscustomobject]@{ Subject = 'CN=a'; Thumbprint = 'AA' } | Add-Member -PassThru ScriptMethod Export { , [byte[]](1, 2) }
    $properties = switch -Wildcard ($Name) {
        'Get-CrmSetting' { @{ Enabled = $true; FederationMetadataUrl = ''; EncryptionCertificate = ''; ExternalDomain = ''; SessionSecurityTokenLifetime = '' }; break }
        'Get-AdfsProperties' { @{ WIASupportedUserAgents = @('MSIE 6.0'); AutoCertificateRollover = $true }; break }
        'Get-AdfsCertificate' { @{ IsPrimary = $true; Thumbprint = 'AA'; Certificate = $certificate; CertificateType = 'Token-Signing' }; break }
        'Get-AdfsRelyingPartyTrust' { @{ Name = 'CRM'; Identifier = @('https://internalcrm.contoso.com/'); EncryptionCertificate = $certificate; IssuanceTransformRules = '' }; break }
        'Get-AdfsClaimsProviderTrust' { @{ Name = 'Active Directory'; AcceptanceTransformRules = '' }; break }
        'Get-WinEvent' { @{ Id = 364; Message = 'ID4175'; ProviderName = 'AD FS'; TimeCreated = [datetime]::Now }; break }
        'Get-Item' { @{ processModel = @{ userName = 'NT AUTHORITY\NetworkService' } }; break }
        'Get-ChildItem' { @{ PSPath = 'Registry::a'; Path = 'a'; Issuer = 'CN=a'; Subject = 'CN=b'; Thumbprint = 'AA' }; break }
        'Invoke-SigninProbe' { @{ Verdict = 'broken'; Result = 'all' }; break }
        default { @{ Name = 'a'; PSPath = 'Registry::a'; Path = 'a' } }
    }
    $given = [pscustomobject]$properties
    if ($Name -eq 'Get-WebBinding') { $given | Add-Member ScriptMethod AddSslCertificate { param([string]$hash, [string]$store) } }
    if ($Name -eq 'Get-ScheduledTask') { return }
    $given
}

$sets = [ordered]@{}
foreach ($line in Get-Content -LiteralPath $File) {
    if ($line -match '^[A-Z][A-Za-z]+-\w+') {
        if (-not $sets.Contains($Matches[0])) { $sets[$Matches[0]] = [System.Collections.ArrayList]@() }
        [void]$sets[$Matches[0]].Add(@(Read-Syntax $line))
    }
}
foreach ($name in $sets.Keys) { New-Stub $name $sets[$name].ToArray() }

# Programs of Windows: their words are not judged, only that PowerShell hands each of them on as one.
foreach ($program in 'iisreset', 'certutil', 'setspn', 'w32tm', 'wevtutil', 'klist', 'netsh', 'nltest', 'whoami', 'curl.exe', 'npx', 'signin-probe', 'cmdkey', 'icacls', 'eventcreate', 'schtasks') {
    Set-Item "function:global:$program" { $global:LASTEXITCODE = 0; '  \\dc.contoso.com'; "  $args" }
}
