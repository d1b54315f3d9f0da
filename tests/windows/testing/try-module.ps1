# Imports the module, runs the examples of its help in a folder with a configuration, and writes what came of it as JSON.
param([string]$Module, [string]$Result)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$all = Invoke-SigninProbe
$examples = foreach ($command in (Get-Command -Module SigninProbe).Name) {
    foreach ($example in (Get-Help $command -Examples).examples.example) {
        $code = ($example.introduction.Text -join '' -replace '^PS.*> ?', '') + $example.code
        $output = $null
        $problem = $null
        try { $output = & ([scriptblock]::Create($code)) | Out-String -Width 200 } catch { $problem = "$_" }
        [pscustomobject]@{ command = $command; code = $code; remark = ($example.remarks.Text -join ' ').Trim(); output = $output; problem = $problem }
    }
}
$line = 'Invoke-SigninProbe -Target '
$errors = $null
$none = Get-SigninForecast -ConfigPath nowhere.yaml -ErrorAction SilentlyContinue -ErrorVariable errors
$seen = [pscustomobject]@{
    commands   = @((Get-Command -Module SigninProbe).Name)
    results    = @($all | Select-Object Target, Route, Verdict, SignedIn, SignedInAs, Symptom, Cause, Certainty, KB, ReportPath, @{ n = 'BreaksAt'; e = { $_.BreaksAt.GetType().Name } })
    whole      = @($all | Where-Object Verdict -ne healthy | Select-Object -First 1 -ExpandProperty Result | ForEach-Object { $_.causes[0].id })
    reports    = @($all | ForEach-Object { Test-Path -LiteralPath $_.ReportPath })
    table      = $all | Out-String -Width 200
    completion = @([System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText)
    findings   = @(Test-SigninProbe | Select-Object Target, Route, Level, About)
    forecast   = @(Get-SigninForecast | Select-Object Target, Verdict, State)
    fault      = "$($errors[0])"
    none       = $null -eq $none
    examples   = @($examples)
}
[System.IO.File]::WriteAllText($Result, (ConvertTo-Json -InputObject $seen -Depth 5))
