# Runs install.ps1 and uninstall.ps1 with stand-ins for the cmdlets and programs of Windows; writes down which were called, with what.
param([string]$Package, [string]$Place, [string]$Documented, [string]$Result)
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'stub-cmdlets.ps1') -File $Documented
# What the scripts do to files is done in earnest.
foreach ($real in 'New-Item', 'Get-ChildItem', 'Get-Item') { Remove-Item "function:$real" }
$global:calls = New-Object System.Collections.Generic.List[string]
function global:Get-StubObject([string]$Name, $Bound) {
    $words = foreach ($key in $Bound.Keys | Sort-Object) { if (@($Bound[$key])[0] -is [pscustomobject]) { "-$key ..." } else { "-$key $($Bound[$key])" } }
    $global:calls.Add("$Name $($words -join ' ')")
    if ($Name -ne 'Get-ScheduledTask' -or $global:hasTask) { [pscustomobject]@{ Name = $Name } }
}
foreach ($program in 'icacls', 'eventcreate') {
    Set-Item "function:global:$program" ([scriptblock]::Create("`$global:LASTEXITCODE = 0; `$global:calls.Add('$program ' + (`$args -join ' '))"))
}
function global:Read-Host { ConvertTo-SecureString 'task-password-1' -AsPlainText -Force }
$env:SystemRoot = 'C:\Windows'
$paths = @{ InstallPath = Join-Path $Place 'Program Files/signin-probe'; DataPath = Join-Path $Place 'ProgramData/signin-probe' }
$install = Join-Path $Package 'install.ps1'
$log = [ordered]@{}
function Note([string]$Name, [scriptblock]$Work) {
    $global:calls.Clear()
    $said = & $Work | Out-String
    $log[$Name] = [pscustomobject]@{ said = $said; calls = @($global:calls); files = @(Get-ChildItem -LiteralPath $Place -Recurse -File -Force | ForEach-Object { $_.FullName.Substring($Place.Length + 1) } | Sort-Object) }
}
Note 'whatIf' { & $install -Account 'CONTOSO\svc-probe' @paths -WhatIf 6>&1 }
Note 'account' { & $install -Account 'CONTOSO\svc-probe' @paths }
$global:hasTask = $true
Note 'again' { & $install -GroupManagedServiceAccount 'CONTOSO\gmsa-probe$' @paths }
Note 'uninstall' { & (Join-Path $Package 'uninstall.ps1') @paths }
# What the program notes when a password was refused.
New-Item -ItemType File -Force -Path (Join-Path $paths.DataPath 'accounts/refused.json') | Out-Null
Note 'remove' { & (Join-Path $Package 'uninstall.ps1') @paths -RemoveData }
[System.IO.File]::WriteAllText($Result, (ConvertTo-Json -InputObject $log -Depth 5))
