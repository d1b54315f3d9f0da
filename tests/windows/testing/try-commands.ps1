# Parses each command of a JSON list ({ where, command }) with PowerShell's own parser, then runs it against stand-ins; writes what was wrong as JSON.
param([string]$List, [string]$Documented, [string]$Result)
$commands = Get-Content -Raw -LiteralPath $List | ConvertFrom-Json
. (Join-Path $PSScriptRoot 'stub-cmdlets.ps1') -File $Documented
# The package's own scripts, as far as their parameters.
foreach ($script in 'install.ps1', 'uninstall.ps1') {
    $tree = [System.Management.Automation.Language.Parser]::ParseFile((Join-Path $PSScriptRoot "../../../windows/$script"), [ref]$null, [ref]$null)
    Set-Content -Path $script -Value "[CmdletBinding(SupportsShouldProcess)]`n$($tree.ParamBlock.Extent.Text)"
}
Set-Content -Path signin-probe.cmd -Value "#!/bin/sh`n"
chmod +x signin-probe.cmd
$own = @('.\install.ps1', '.\uninstall.ps1', '.\signin-probe.cmd', 'Format-List', 'Format-Table', 'Where-Object', 'ForEach-Object', 'Select-Object', 'Sort-Object', 'Measure-Object', 'Out-Null', 'Get-Date', 'New-TimeSpan', 'Read-Host', 'Get-Content',
    'New-Object', 'Get-Credential', 'Out-File', 'Set-Content', 'Export-Csv', 'Start-Sleep', 'Write-Output')
$env:ProgramFiles = '/Program Files'
$env:ProgramData = '/ProgramData'
function global:Read-Host { 'a' }
function global:Get-Credential { New-Object pscredential 'a', (ConvertTo-SecureString 'a' -AsPlainText -Force) }
$wrong = foreach ($each in $commands) {
    $tokens = $null
    $faults = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseInput($each.command, [ref]$tokens, [ref]$faults)
    $problem = if ($faults) { "cannot be parsed: $($faults[0].Message)" } else {
        $used = $tree.FindAll({ param($node) $node -is [System.Management.Automation.Language.CommandAst] }, $true) | ForEach-Object { $_.GetCommandName() }
        $unknown = @($used | Where-Object { $_ -and $_ -notin $own -and -not (Test-Path "function:$_") })
        if ($unknown) { "uses $($unknown -join ', '), which documented-cmdlets.txt does not have" } else {
            try {
                & { Set-StrictMode -Version 2.0; $ErrorActionPreference = 'Stop'; # What a person replaces, replaced.
                    & ([scriptblock]::Create(($each.command -replace '<[A-Za-z][^<>''"]*>', 'replaced'))) | Out-Null }
            } catch { "does not run: $($_.Exception.Message)" }
        }
    }
    if ($problem) { [pscustomobject]@{ where = $each.where; command = $each.command; problem = $problem } }
}
[System.IO.File]::WriteAllText($Result, (ConvertTo-Json -InputObject @($wrong) -Depth 3))
