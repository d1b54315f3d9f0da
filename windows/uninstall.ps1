<#
.SYNOPSIS
Takes away what install.ps1 made: scheduled task, program, event source. Configuration, password file and reports stay, unless -RemoveData is given.
.EXAMPLE
.\uninstall.ps1 -WhatIf

Shows what would be taken away.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [string]$InstallPath = (Join-Path $env:ProgramFiles 'signin-probe'),
    [string]$DataPath = (Join-Path $env:ProgramData 'signin-probe'),
    [switch]$RemoveData
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$taskName = 'signin-probe-watch'
$eventSourceKey = 'HKLM:\SYSTEM\CurrentControlSet\Services\EventLog\Application\signin-probe'
$done = New-Object System.Collections.Generic.List[string]

if ((Get-ScheduledTask -TaskName $taskName -ErrorAction SilentlyContinue) -and $PSCmdlet.ShouldProcess($taskName, 'Stop and remove the scheduled task')) {
    Stop-ScheduledTask -TaskName $taskName
    Unregister-ScheduledTask -TaskName $taskName -Confirm:$false
    $done.Add("Scheduled task $taskName removed")
}
if ((Test-Path -Path $eventSourceKey) -and $PSCmdlet.ShouldProcess($eventSourceKey, 'Remove the event source')) {
    Remove-Item -Path $eventSourceKey
    $done.Add('Event source signin-probe removed')
}
# Only a folder that holds the program: a wrong -InstallPath must not empty another one.
$isProgram = Test-Path -LiteralPath (Join-Path (Join-Path (Join-Path $InstallPath 'program') 'bin') 'signin-probe.js')
if ($isProgram -and $PSCmdlet.ShouldProcess($InstallPath, 'Remove the program')) {
    Set-Location -Path ([System.IO.Path]::GetPathRoot($InstallPath))
    Remove-Item -LiteralPath $InstallPath -Recurse -Force
    $done.Add("Program removed from $InstallPath")
}
if ($RemoveData -and (Test-Path -LiteralPath (Join-Path $DataPath 'signin-probe.yaml')) -and $PSCmdlet.ShouldProcess($DataPath, 'Remove configuration, password file and reports')) {
    # Which passwords were refused stays: without it the program would submit them once more, and bring the account nearer to its lockout.
    Get-ChildItem -LiteralPath $DataPath -Force | Where-Object { $_.Name -ne 'accounts' } | Remove-Item -Recurse -Force
    $done.Add("Data removed from $DataPath; kept: accounts (which passwords were refused)")
}
if ($WhatIfPreference) { return }
if ($done.Count -eq 0) { 'Nothing of signin-probe was found.' } else { 'Done:'; $done | ForEach-Object { "  - $_" } }
if (-not $RemoveData -and (Test-Path -LiteralPath $DataPath)) { "Kept: $DataPath (configuration, password file, reports)." }
