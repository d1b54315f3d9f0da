# Walks the syntax trees of PowerShell files for what Windows PowerShell 5.1 does not know; writes what it found as JSON.
param([string]$Result, [Parameter(ValueFromRemainingArguments)] [string[]]$Files)
$newer = @{
    TernaryExpressionAst = 'a ternary'; PipelineChainAst = '&& or ||'
}
# Parameters that came after 5.1, by command; and commands that did.
$newerParameters = @{
    'ConvertFrom-Json' = 'AsHashtable', 'Depth', 'NoEnumerate', 'DateKind'; 'ConvertTo-Json' = 'AsArray', 'EnumsAsStrings', 'EscapeHandling'; 'ForEach-Object' = 'Parallel', 'ThrottleLimit', 'AsJob'
    'Get-Content' = 'AsByteStream'; 'Set-Content' = 'AsByteStream'; 'Select-Object' = 'SkipIndex', 'CaseInsensitive'; 'Split-Path' = 'Extension', 'LeafBase'; 'Join-Path' = 'AdditionalChildPath', 'Extension'
    'Invoke-WebRequest' = 'SkipCertificateCheck', 'SkipHttpErrorCheck', 'Authentication', 'NoProxy'; 'Get-Date' = 'AsUTC'; 'Import-Module' = 'UseWindowsPowerShell'; 'Select-String' = 'Raw', 'NoEmphasis', 'Culture'
    'Test-Path' = @(); 'Sort-Object' = 'Stable', 'Top', 'Bottom'; 'Measure-Object' = 'StandardDeviation', 'AllStats'; 'Start-Process' = 'Environment'; 'Read-Host' = 'MaskInput'
}
$newerCommands = 'Test-Json', 'Remove-Service', 'Get-Error', 'ConvertFrom-Markdown', 'Join-String', 'Remove-Alias', 'Get-Uptime', 'Show-Markdown', 'Get-SecureRandom', 'Start-ThreadJob', 'Get-Clipboard'
$found = foreach ($file in $Files) {
    $tokens = $null
    $faults = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref]$tokens, [ref]$faults)
    foreach ($fault in $faults) { "${file}: $($fault.Message)" }
    foreach ($node in $tree.FindAll({ $true }, $true)) {
        $line = $node.Extent.StartLineNumber
        $type = $node.GetType().Name
        if ($newer[$type]) { "${file}:${line} has $($newer[$type])" }
        if ($type -eq 'BinaryExpressionAst' -and $node.Operator -eq 'QuestionQuestion') { "${file}:${line} has ??" }
        if ($type -eq 'AssignmentStatementAst' -and $node.Operator -eq 'QuestionQuestionEquals') { "${file}:${line} has ??=" }
        if ($type -in 'MemberExpressionAst', 'InvokeMemberExpressionAst', 'IndexExpressionAst' -and $node.NullConditional) { "${file}:${line} has ?. or ?[" }
        if ($type -in 'PipelineAst' -and $node.Background) { "${file}:${line} has & at the end of a pipeline" }
        if ($type -eq 'FunctionDefinitionAst' -and $node.Body.CleanBlock) { "${file}:${line} has a clean block" }
        if ($type -eq 'CommandAst') {
            $name = $node.GetCommandName()
            if ($name -in $newerCommands) { "${file}:${line} uses $name" }
            foreach ($parameter in $node.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }) {
                if ($name -and $newerParameters[$name] -contains $parameter.ParameterName) { "${file}:${line} uses $name -$($parameter.ParameterName)" }
            }
        }
        if ($type -eq 'VariableExpressionAst' -and $node.VariablePath.UserPath -in 'IsWindows', 'IsLinux', 'IsMacOS', 'IsCoreCLR') { "${file}:${line} uses `$$($node.VariablePath.UserPath)" }
    }
}
[System.IO.File]::WriteAllText($Result, (ConvertTo-Json -InputObject @($found)))
