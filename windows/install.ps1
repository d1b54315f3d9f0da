<#
.SYNOPSIS
Installs signin-probe on this Windows server: program, data folder, configuration, password, scheduled task, event source.
.DESCRIPTION
Run it from the unpacked package, in an elevated Windows PowerShell 5.1 or PowerShell 7. -WhatIf shows all without doing anything.
What was there before is kept: configuration, password file and reports. At the end it says what it did, and how to undo it.
.PARAMETER Account
The Windows account the task runs as, for example CONTOSO\svc-probe. Its password is asked for once and kept by the Task Scheduler.
.PARAMETER GroupManagedServiceAccount
A group managed service account instead, for example CONTOSO\gmsa-probe$: no password. This machine must be allowed to use it.
.PARAMETER ProbePasswordFile
Where the password of the account that signs in to CRM is kept, protected by DPAPI for this machine. In the configuration: password: dpapi:FILE.
.PARAMETER SkipProbePassword
Asks for no password of the account that signs in to CRM: it is kept elsewhere, or the task's own account signs in.
.PARAMETER InstallPath
Where the program goes.
.PARAMETER DataPath
Where configuration, password file and reports go.
.EXAMPLE
.\install.ps1 -GroupManagedServiceAccount CONTOSO\gmsa-probe$ -WhatIf

Shows what would be done.
.EXAMPLE
.\install.ps1 -Account CONTOSO\svc-probe

Installs, and asks for two passwords: the task's account, and the account that signs in to CRM.
#>
[CmdletBinding(SupportsShouldProcess = $true, DefaultParameterSetName = 'Account')]
param(
    [Parameter(Mandatory = $true, ParameterSetName = 'Account')] [string]$Account,
    [Parameter(Mandatory = $true, ParameterSetName = 'Managed')] [string]$GroupManagedServiceAccount,
    [string]$InstallPath = (Join-Path $env:ProgramFiles 'signin-probe'),
    [string]$DataPath = (Join-Path $env:ProgramData 'signin-probe'),
    [string]$ProbePasswordFile = (Join-Path $DataPath 'probe.dpapi'),
    [switch]$SkipProbePassword
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$taskName = 'signin-probe-watch'
$eventSource = 'signin-probe'
$done = New-Object System.Collections.Generic.List[string]

# Runs a program of Windows and stops where it fails.
function Invoke-Checked([string]$Name, [string[]]$Words) {
    $output = & $Name @Words 2>&1
    if ($LASTEXITCODE -ne 0) { throw "$Name $($Words -join ' ') ended with $LASTEXITCODE`: $($output -join ' ')" }
}

function Test-Elevated {
    if ($env:OS -ne 'Windows_NT') { return $true }
    $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
    (New-Object System.Security.Principal.WindowsPrincipal $identity).IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
}

if (-not $WhatIfPreference -and -not (Test-Elevated)) { throw 'Start PowerShell as administrator, and run install.ps1 again.' }
foreach ($name in 'signin-probe.cmd', 'program', 'SigninProbe') {
    if (-not (Test-Path -LiteralPath (Join-Path $PSScriptRoot $name))) { throw "Expected $name beside install.ps1: unpack the whole package, and run install.ps1 from there." }
}
$runsAs = if ($GroupManagedServiceAccount) { $GroupManagedServiceAccount } else { $Account }
$config = Join-Path $DataPath 'signin-probe.yaml'
$command = Join-Path $InstallPath 'signin-probe.cmd'

# 1. The program. Nothing is ever written there by it.
if ($PSCmdlet.ShouldProcess($InstallPath, 'Copy the program')) {
    if (Get-ScheduledTask -TaskName $taskName -ErrorAction SilentlyContinue) { Stop-ScheduledTask -TaskName $taskName }
    New-Item -ItemType Directory -Force -Path $InstallPath | Out-Null
    foreach ($old in 'program', 'SigninProbe') {
        $folder = Join-Path $InstallPath $old
        if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse -Force }
    }
    Get-ChildItem -LiteralPath $PSScriptRoot | Copy-Item -Destination $InstallPath -Recurse -Force
    $done.Add("Program copied to $InstallPath")
}

# 2. The data folder: administrators, the system and the task's account; nobody else. By SIDs, whose names are translated.
if ($PSCmdlet.ShouldProcess($DataPath, "Make the data folder, for administrators and $runsAs only")) {
    New-Item -ItemType Directory -Force -Path $DataPath | Out-Null
    Invoke-Checked icacls @($DataPath, '/inheritance:r', '/grant:r', '*S-1-5-32-544:(OI)(CI)F', '*S-1-5-18:(OI)(CI)F', "$($runsAs):(OI)(CI)M")
    $done.Add("Data folder $DataPath, for administrators, the system and $runsAs only")
}

# 3. The configuration, when there is none.
if (Test-Path -LiteralPath $config) {
    $done.Add("Configuration $config kept as it was")
} elseif ($PSCmdlet.ShouldProcess($config, 'Write the configuration (signin-probe init asks)')) {
    & $command init --config $config
    if ($LASTEXITCODE -ne 0) { throw "No configuration was written. Run install.ps1 again, or write $config yourself." }
    $done.Add("Configuration written to $config")
}

# 4. The password of the account that signs in to CRM, asked for once by the program itself; it never stands on a command line.
if (-not $SkipProbePassword) {
    if (Test-Path -LiteralPath $ProbePasswordFile) {
        $done.Add("Password file $ProbePasswordFile kept as it was")
    } elseif ($PSCmdlet.ShouldProcess($ProbePasswordFile, 'Ask for the password of the account that signs in, and keep it with DPAPI for this machine')) {
        & $command account save "dpapi:$ProbePasswordFile" --scope machine
        if ($LASTEXITCODE -ne 0) { throw 'The password was not kept. Run install.ps1 again.' }
        $done.Add("Password kept in $ProbePasswordFile (DPAPI, this machine); in the configuration: password: dpapi:$ProbePasswordFile")
    }
}

# 5. The task: at start, again every five minutes where it ended, one at a time, without a time limit.
if ($PSCmdlet.ShouldProcess($taskName, "Register the scheduled task as $runsAs")) {
    $words = "/d /c `"`"$command`" watch --quiet --config `"$config`" --out `"$(Join-Path $DataPath 'output')`"`""
    $action = New-ScheduledTaskAction -Execute (Join-Path $env:SystemRoot 'System32\cmd.exe') -Argument $words -WorkingDirectory $DataPath
    $triggers = @(
        (New-ScheduledTaskTrigger -AtStartup),
        (New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes 5))
    )
    $settings = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -ExecutionTimeLimit ([TimeSpan]::Zero) -StartWhenAvailable -AllowStartIfOnBatteries `
        -DontStopIfGoingOnBatteries -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 5)
    $task = @{ TaskName = $taskName; Action = $action; Trigger = $triggers; Settings = $settings; Description = 'signin-probe watch: sign-in to Dynamics CRM through AD FS'; Force = $true }
    if ($GroupManagedServiceAccount) {
        # The Task Scheduler fetches a managed account's password itself; the type of logon must be Password all the same.
        $task.Principal = New-ScheduledTaskPrincipal -UserId $GroupManagedServiceAccount -LogonType Password -RunLevel Limited
    } else {
        $secret = Read-Host -AsSecureString -Prompt "Password of $Account (for the task)"
        $task.User = $Account
        $task.Password = (New-Object System.Management.Automation.PSCredential $Account, $secret).GetNetworkCredential().Password
        $task.RunLevel = 'Limited'
    }
    try { Register-ScheduledTask @task | Out-Null } finally { $task.Remove('Password') }
    $done.Add("Scheduled task $taskName registered as $runsAs")
}

# 6. The event source of alerts. Made by eventcreate, which uses no other sources than its own.
if ($PSCmdlet.ShouldProcess($eventSource, 'Register the event source in the log Application')) {
    Invoke-Checked eventcreate @('/T', 'INFORMATION', '/ID', '700', '/L', 'APPLICATION', '/SO', $eventSource, '/D', 'signin-probe was installed.')
    $done.Add("Event source $eventSource registered in the log Application")
}

if ($WhatIfPreference) { return }
''
'Done:'
$done | ForEach-Object { "  - $_" }
''
'Next:'
"  - Look at it first:    & '$command' check --config '$config'"
"  - Start it now:        Start-ScheduledTask -TaskName $taskName"
'  - Its page:            http://127.0.0.1:26868'
"  - The module:          Import-Module '$(Join-Path $InstallPath 'SigninProbe')'"
''
"To undo it: & '$(Join-Path $InstallPath 'uninstall.ps1')'. It keeps $DataPath, unless -RemoveData is given."
