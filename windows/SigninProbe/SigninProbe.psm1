# signin-probe's results as objects. Thin over --json: what is judged is judged by the program.
# Windows PowerShell 5.1 and PowerShell 7; ASCII only, since 5.1 reads a file without a mark in the system's code page.
Set-StrictMode -Version 2.0

# Where the program is: beside the module in the package (program\, node.exe), or above it in a checkout.
function Get-ProbeProgram {
    $package = Split-Path -Parent $PSScriptRoot
    foreach ($place in @((Join-Path $package 'program'), (Split-Path -Parent $package))) {
        $script = Join-Path (Join-Path $place 'bin') 'signin-probe.js'
        if (Test-Path -LiteralPath $script) {
            $node = Join-Path $package 'node.exe'
            if (-not (Test-Path -LiteralPath $node)) { $node = 'node' }
            return @{ Node = $node; Script = $script }
        }
    }
    throw "signin-probe was not found beside the module ($PSScriptRoot). Keep the folder SigninProbe where the package has it."
}

# One argument as the C runtime reads it back: quotes doubled by backslashes, backslashes before a quote doubled.
function ConvertTo-ProbeArgument([string]$Value) {
    if ($Value -ne '' -and $Value -notmatch '[\s"]') { return $Value }
    '"' + (($Value -replace '(\\*)"', '$1$1\"') -replace '(\\+)$', '$1$1') + '"'
}

# Runs the program; its lines for people become progress. Gives the JSON's object, or null after an error of the probe's own.
function Invoke-ProbeProgram([string[]]$Words, [string]$Activity, $Caller) {
    $program = Get-ProbeProgram
    $start = New-Object System.Diagnostics.ProcessStartInfo
    $start.FileName = $program.Node
    $start.Arguments = (@($program.Script) + $Words | ForEach-Object { ConvertTo-ProbeArgument $_ }) -join ' '
    $start.WorkingDirectory = (Get-Location -PSProvider FileSystem).ProviderPath
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = New-Object System.Text.UTF8Encoding $false
    $start.StandardErrorEncoding = New-Object System.Text.UTF8Encoding $false
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $process.StandardInput.Close()
        $output = $process.StandardOutput.ReadToEndAsync()
        $said = New-Object System.Collections.Generic.List[string]
        while ($null -ne ($line = $process.StandardError.ReadLine())) {
            if ($line.Trim() -eq '') { continue }
            $said.Add($line)
            Write-Progress -Activity $Activity -Status $line
        }
        $process.WaitForExit()
        $json = $output.Result
    } finally {
        Write-Progress -Activity $Activity -Status 'done' -Completed
        # Ctrl+C: the program is asked for nothing more; its browser ends with it.
        if (-not $process.HasExited) { $process.Kill() }
        $process.Dispose()
    }
    if ($json.Trim() -ne '') { return ConvertFrom-Json -InputObject $json }
    $text = if ($said.Count -gt 0) { $said -join [Environment]::NewLine } else { 'signin-probe ended without a result.' }
    $Caller.WriteError((New-Object System.Management.Automation.ErrorRecord (
                (New-Object System.InvalidOperationException $text), 'SigninProbe', [System.Management.Automation.ErrorCategory]::OperationStopped, $null)))
}

# An instant of the program: PowerShell 7 has made a DateTime of it, 5.1 has left the text.
function ConvertTo-ProbeInstant($Value) {
    if ($null -eq $Value -or $Value -is [datetime]) { return $Value }
    [datetime]::Parse($Value, [System.Globalization.CultureInfo]::InvariantCulture, [System.Globalization.DateTimeStyles]::RoundtripKind)
}

function ConvertTo-ProbeResult($Report, $ReportPath) {
    foreach ($result in $Report.results) {
        $cause = @($result.causes) | Select-Object -First 1
        [pscustomobject]@{
            PSTypeName = 'SigninProbe.Result'
            Target     = $result.target
            Route      = $result.route
            Verdict    = $result.verdict
            SignedIn   = $result.signedIn
            SignedInAs = $result.signedInAs
            Symptom    = $result.symptom
            FailedAt   = $result.failedAt
            Cause      = if ($cause) { $cause.title }
            Certainty  = if ($cause) { $cause.certainty }
            KB         = if ($cause) { $cause.kb }
            BreaksAt   = ConvertTo-ProbeInstant $result.forecast.breaksAt
            ReportPath = $ReportPath
            Result     = $result
        }
    }
}

# Words every command takes.
function Get-ProbeWords([string]$Command, [string[]]$Target, [string]$ConfigPath) {
    $words = @($Command) + @($Target | Where-Object { $_ }) + @('--json')
    if ($ConfigPath) { $words += @('--config', (Resolve-ProbePath $ConfigPath)) }
    $words
}

# A path as the program shall read it: PowerShell's drives mean nothing to it.
function Resolve-ProbePath([string]$Path) { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path) }

# Names of the targets in a configuration, for Tab: as the program understands it, so that groups of organizations are written out.
$script:completeTarget = {
    param($commandName, $parameterName, $wordToComplete, $commandAst, $fakeBoundParameters)
    try {
        $config = Invoke-ProbeProgram (@(Get-ProbeWords 'check' $null $fakeBoundParameters['ConfigPath']) + @('--print-config')) 'signin-probe' $null
        foreach ($name in $config.targets.name) {
            if ($name -like "$wordToComplete*") { New-Object System.Management.Automation.CompletionResult $name, $name, 'ParameterValue', $name }
        }
    } catch {
        # A configuration that cannot be read completes nothing; the command itself says why.
        return
    }
}

function Invoke-SigninProbe {
    <#
    .SYNOPSIS
    Signs in to Dynamics CRM through AD FS with a real browser, and gives one object per target and route.
    .DESCRIPTION
    Runs "signin-probe run". A password is submitted once per account, to the STS only. A broken sign-in is a result, not an error: see its Verdict and Cause.
    An error is written only when the probe itself could not work, for example because of its configuration.
    .PARAMETER Target
    Names of targets in the configuration; all when left out. Tab completes them.
    .PARAMETER Route
    Only this route: internal (claims) or ifd.
    .PARAMETER ConfigPath
    The configuration; .\signin-probe.yaml when left out.
    .PARAMETER OutputPath
    Where run folders with the reports go; .\output when left out.
    .PARAMETER Label
    A note kept in the report.
    .PARAMETER EachNode
    Asks every AD FS and CRM node of a farm by itself.
    .PARAMETER Browser
    edge, chrome, chromium, chromium-headless-shell, playwright, or a path.
    .OUTPUTS
    SigninProbe.Result: Target, Route, Verdict (healthy, at-risk, broken, unknown), SignedIn, SignedInAs, Symptom, FailedAt, Cause, Certainty, KB, BreaksAt, ReportPath,
    and Result: the whole of report.json for this route.
    .EXAMPLE
    Invoke-SigninProbe

    Signs in to every target over every route, and shows a table.
    .EXAMPLE
    Invoke-SigninProbe -Target contoso -Route internal | Format-List

    One target over one route, with everything the table leaves out.
    .EXAMPLE
    Invoke-SigninProbe | Where-Object Verdict -ne healthy | Select-Object -First 1 -ExpandProperty Result

    All that is known of the first sign-in that is not well.
    .EXAMPLE
    (Invoke-SigninProbe | Where-Object Verdict -eq broken).Result.causes.remedy | Format-List text, command

    What to do now, step by step.
    .EXAMPLE
    Invoke-SigninProbe -Label 'after patch day' | Export-Csv -Path signin.csv -NoTypeInformation

    A list for a spreadsheet.
    .LINK
    Get-SigninForecast
    #>
    [CmdletBinding()]
    [OutputType('SigninProbe.Result')]
    param(
        [Parameter(Position = 0, ValueFromPipelineByPropertyName = $true)] [string[]]$Target,
        [Parameter(Position = 1)] [ValidateSet('internal', 'ifd')] [string]$Route,
        [string]$ConfigPath,
        [string]$OutputPath = 'output',
        [string]$Label,
        [switch]$EachNode,
        [string]$Browser
    )
    begin { $names = @() }
    process { $names += @($Target) }
    end {
        $words = @(Get-ProbeWords 'run' $names $ConfigPath) + @('--out', (Resolve-ProbePath $OutputPath))
        if ($Route) { $words += @('--route', $Route) }
        if ($Label) { $words += @('--label', $Label) }
        if ($Browser) { $words += @('--browser', $Browser) }
        if ($EachNode) { $words += '--each-node' }
        $report = Invoke-ProbeProgram $words 'Signing in' $PSCmdlet
        if ($report) { ConvertTo-ProbeResult $report (Join-Path (Join-Path (Resolve-ProbePath $OutputPath) $report.run.id) 'report.html') }
    }
}

function Test-SigninProbe {
    <#
    .SYNOPSIS
    Looks at everything that can be seen without a credential: names, TLS, metadata of AD FS and CRM, clocks. One object per finding.
    .DESCRIPTION
    Runs "signin-probe check". No password is given to anybody.
    .PARAMETER Target
    Names of targets in the configuration; all when left out. Tab completes them.
    .PARAMETER Route
    Only this route: internal (claims) or ifd.
    .PARAMETER ConfigPath
    The configuration; .\signin-probe.yaml when left out.
    .PARAMETER EachNode
    Asks every AD FS and CRM node of a farm by itself.
    .PARAMETER Browser
    edge, chrome, chromium, chromium-headless-shell, playwright, or a path.
    .OUTPUTS
    SigninProbe.Finding: Target, Route, Level (ok, warning, broken), About, Text. The browser and the machine have no Target.
    .EXAMPLE
    Test-SigninProbe

    Every finding, as a table.
    .EXAMPLE
    Test-SigninProbe | Where-Object Level -ne ok

    Only what is not well.
    .LINK
    Invoke-SigninProbe
    #>
    [CmdletBinding()]
    [OutputType('SigninProbe.Finding')]
    param(
        [Parameter(Position = 0)] [string[]]$Target,
        [Parameter(Position = 1)] [ValidateSet('internal', 'ifd')] [string]$Route,
        [string]$ConfigPath,
        [switch]$EachNode,
        [string]$Browser
    )
    $words = @(Get-ProbeWords 'check' $Target $ConfigPath)
    if ($Route) { $words += @('--route', $Route) }
    if ($Browser) { $words += @('--browser', $Browser) }
    if ($EachNode) { $words += '--each-node' }
    $checked = Invoke-ProbeProgram $words 'Looking' $PSCmdlet
    if (-not $checked) { return }
    $browserLevel, $browserText = if ($checked.browser.ok) { 'ok', "$($checked.browser.name) $($checked.browser.version)" } else { 'broken', $checked.browser.why }
    [pscustomobject]@{ PSTypeName = 'SigninProbe.Finding'; Target = $null; Route = $null; Level = $browserLevel; About = 'browser'; Text = $browserText }
    foreach ($result in $checked.results) {
        foreach ($finding in $result.findings) {
            [pscustomobject]@{
                PSTypeName = 'SigninProbe.Finding'; Target = $result.target; Route = $result.route; Level = $finding.level; About = $finding.about; Text = $finding.text
            }
        }
    }
}

function Get-SigninForecast {
    <#
    .SYNOPSIS
    The date on which sign-in will break, and which certificates end when; no sign-in, no credential.
    .DESCRIPTION
    Runs "signin-probe forecast". It reads the public metadata of AD FS and CRM.
    .PARAMETER Target
    Names of targets in the configuration; all when left out. Tab completes them.
    .PARAMETER ConfigPath
    The configuration; .\signin-probe.yaml when left out.
    .OUTPUTS
    SigninProbe.Forecast: Target, Sts, Verdict, State, BreaksAt, Summary, ToDo, and Result: all that the program knows of it.
    .EXAMPLE
    Get-SigninForecast

    A table: one line per target.
    .EXAMPLE
    Get-SigninForecast | Where-Object { $_.BreaksAt -and $_.BreaksAt -lt (Get-Date).AddDays(30) }

    What breaks within a month.
    .EXAMPLE
    (Get-SigninForecast -Target contoso).ToDo | Format-List by, text, command

    What to do, and until when.
    .LINK
    Invoke-SigninProbe
    #>
    [CmdletBinding()]
    [OutputType('SigninProbe.Forecast')]
    param(
        [Parameter(Position = 0)] [string[]]$Target,
        [string]$ConfigPath
    )
    $report = Invoke-ProbeProgram @(Get-ProbeWords 'forecast' $Target $ConfigPath) 'Reading certificates' $PSCmdlet
    if (-not $report) { return }
    foreach ($result in $report.results) {
        [pscustomobject]@{
            PSTypeName = 'SigninProbe.Forecast'
            Target     = $result.target
            Sts        = $result.sts
            Verdict    = $result.verdict
            State      = $result.forecast.state
            BreaksAt   = ConvertTo-ProbeInstant $result.forecast.breaksAt
            Summary    = $result.summary
            ToDo       = $result.todo
            Result     = $result
        }
    }
}

function Get-SigninDiagnosis {
    <#
    .SYNOPSIS
    Judges what was saved, offline: a run folder, its evidence.json, or a HAR from the developer tools of any browser.
    .DESCRIPTION
    Runs "signin-probe diagnose". No browser, no network.
    .PARAMETER Path
    The run folder or file. Wildcards are not expanded.
    .PARAMETER EventLog
    Windows event logs of the AD FS or CRM servers, exported or pasted, or a folder of them.
    .OUTPUTS
    SigninProbe.Result, as Invoke-SigninProbe gives it.
    .EXAMPLE
    Get-SigninDiagnosis -Path .\colleague.har

    What a colleague's recording shows.
    .EXAMPLE
    Get-ChildItem .\output -Directory | Get-SigninDiagnosis | Where-Object KB -eq 2686840

    All saved runs that show this KB.
    .EXAMPLE
    Get-SigninDiagnosis -Path .\colleague.har -EventLog .\adfs-admin.xml | Select-Object -ExpandProperty Result

    With the event log of an AD FS server beside it.
    .LINK
    Invoke-SigninProbe
    #>
    [CmdletBinding()]
    [OutputType('SigninProbe.Result')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [Alias('FullName', 'PSPath')] [string]$Path,
        [string[]]$EventLog
    )
    process {
        $words = @('diagnose', (Resolve-ProbePath $Path), '--json')
        if ($EventLog) { $words += @('--event-log') + @($EventLog | ForEach-Object { Resolve-ProbePath $_ }) }
        $report = Invoke-ProbeProgram $words 'Judging' $PSCmdlet
        if ($report) { ConvertTo-ProbeResult $report $null }
    }
}

foreach ($command in 'Invoke-SigninProbe', 'Test-SigninProbe', 'Get-SigninForecast') {
    Register-ArgumentCompleter -CommandName $command -ParameterName Target -ScriptBlock $script:completeTarget
}
