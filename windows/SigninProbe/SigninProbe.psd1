@{
    RootModule        = 'SigninProbe.psm1'
    ModuleVersion     = '1.0.0'
    GUID              = '5a1f0d64-3c55-4d39-9a53-3a1b7f0f2f1e'
    Author            = 'signin-probe'
    Copyright         = 'MIT'
    Description       = 'Signs in to on-premises Dynamics CRM through AD FS with a real browser, and says why when it fails: the results as objects.'
    PowerShellVersion = '5.1'
    FormatsToProcess  = @('SigninProbe.Format.ps1xml')
    FunctionsToExport = @('Invoke-SigninProbe', 'Test-SigninProbe', 'Get-SigninForecast', 'Get-SigninDiagnosis')
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
    PrivateData       = @{ PSData = @{ LicenseUri = 'https://opensource.org/license/mit' } }
}
