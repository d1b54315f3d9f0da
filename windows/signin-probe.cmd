@echo off
rem Runs signin-probe with the Node.js of this package. Any folder will do; nothing is written here.
setlocal
"%~dp0node.exe" "%~dp0program\bin\signin-probe.js" %*
exit /b %ERRORLEVEL%
