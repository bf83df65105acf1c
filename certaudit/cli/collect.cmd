@echo off
rem certaudit collect script, version 2
rem
rem Exports what an audit of this computer's certificates needs, with nothing but what Windows ships
rem (Windows Server 2003 to 2025: cmd, reg, xcopy; certutil, netsh, appcmd and PowerShell where they are there).
rem
rem   collect.cmd [FOLDER]      FOLDER must not be there yet; without it, certaudit-COMPUTERNAME
rem                             beside this script.
rem
rem Rights: an administrator of this computer. Without them the certificate caches of the system
rem accounts are left out, and collected.txt says so.
rem
rem It takes no private key, no password and no PFX file, and opens none; Windows is asked to try each
rem key of the computer once. It changes nothing: it writes only into FOLDER, starts and stops nothing,
rem installs nothing, and uses no network.
rem Give FOLDER to certaudit as it is: evidence = ["FOLDER/"].
setlocal EnableExtensions DisableDelayedExpansion

if defined PROCESSOR_ARCHITEW6432 (
    echo This is the 32-bit command prompt of a 64-bit Windows: start %~nx0 from the 64-bit one. 1>&2
    exit /b 2
)
set "OUT=%~1"
if not defined OUT set "OUT=%~dp0certaudit-%COMPUTERNAME%"
for %%I in ("%OUT%") do set "OUT=%%~fI"
rem No program but those of Windows itself, whatever lies in the folder where this was started.
cd /d "%SystemRoot%\System32"
set "PATH=%SystemRoot%\System32"
if exist "%OUT%" goto :taken
md "%OUT%" 2>nul
if not exist "%OUT%\" goto :unwritable
set "LOG=%OUT%\collected.txt"
set "MISSING=0"
> "%LOG%" echo certaudit collect script 2 on %COMPUTERNAME%
>> "%LOG%" echo %DATE% %TIME%
rem How this user's Windows writes a date.
reg query "HKCU\Control Panel\International" /v sShortDate >> "%LOG%" 2>nul
reg query "HKU\S-1-5-19" >nul 2>&1
if errorlevel 1 >> "%LOG%" echo LEFT OUT  what only an administrator may read: run it again as one

rem --- Certificate stores of the computer: certificates, CRLs and their properties, never a key
call :export "HKLM\SOFTWARE\Microsoft\SystemCertificates" stores-machine.reg
if errorlevel 1 set "MISSING=1"
call :export "HKLM\SOFTWARE\Policies\Microsoft\SystemCertificates" stores-policy.reg
call :export "HKLM\SOFTWARE\Microsoft\EnterpriseCertificates" stores-enterprise.reg
call :export "HKLM\SOFTWARE\Microsoft\Cryptography\Services" stores-services.reg

rem --- What the system accounts have fetched: CRLs, OCSP answers, certificates (Windows Server 2008 on, then 2003)
set "CACHE=Microsoft\CryptnetUrlCache\Content"
call :cache "%SystemRoot%\System32\config\systemprofile\AppData\LocalLow\%CACHE%" system
call :cache "%SystemRoot%\ServiceProfiles\LocalService\AppData\LocalLow\%CACHE%" local-service
call :cache "%SystemRoot%\ServiceProfiles\NetworkService\AppData\LocalLow\%CACHE%" network-service
call :cache "%SystemRoot%\System32\config\systemprofile\Application Data\%CACHE%" system-2003
call :cache "%SystemDrive%\Documents and Settings\LocalService\Application Data\%CACHE%" local-service-2003
call :cache "%SystemDrive%\Documents and Settings\NetworkService\Application Data\%CACHE%" network-service-2003

rem --- On a certification authority: its certificates and CRLs as it publishes them
call :copy "%SystemRoot%\System32\CertSrv\CertEnroll\*.crl" certenroll
call :copy "%SystemRoot%\System32\CertSrv\CertEnroll\*.crt" certenroll

rem --- Facts: Windows, roles, versions, how clients choose, bindings, whether keys work
md "%OUT%\facts"
ver > "%OUT%\facts\windows.txt" 2>&1
set "NT=HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
call :value "%NT%" ProductName windows.txt
call :value "%NT%" CurrentVersion windows.txt
call :value "%NT%" CurrentBuildNumber windows.txt
call :value "%NT%" InstallationType windows.txt
set "CONTROL=HKLM\SYSTEM\CurrentControlSet\Control"
call :value "%CONTROL%\ComputerName\ComputerName" ComputerName windows.txt
call :value "HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters" Domain windows.txt
call :value "%CONTROL%\SecureBoot\State" UEFISecureBootEnabled windows.txt
call :value "%CONTROL%\SecurityProviders\SCHANNEL" SendTrustedIssuerList windows.txt
for %%N in ("" "Wow6432Node\") do call :product "HKLM\SOFTWARE\%%~NMicrosoft"
for %%N in ("" "Wow6432Node\") do call :kits "HKLM\SOFTWARE\%%~NMicrosoft\Windows\CurrentVersion\Uninstall"
rem What HTTP.sys presents, from its keys: Server 2003 has no netsh http, and keys are in no language.
set "HTTP=HKLM\SYSTEM\CurrentControlSet\Services\HTTP\Parameters"
for %%K in (SslBindingInfo SslSniBindingInfo) do reg query "%HTTP%\%%K" /s >> "%OUT%\facts\http.txt" 2>nul
call :tool netsh bindings.txt http show sslcert
if exist "%SystemRoot%\System32\inetsrv\appcmd.exe" (
    "%SystemRoot%\System32\inetsrv\appcmd.exe" list site > "%OUT%\facts\sites.txt" 2>&1
)
for %%S in (My WebHosting SMS Root CA AuthRoot Disallowed NTAuth) do call :tool certutil store-%%S.txt -silent -store %%S

call :tidy client.txt
call :tidy roles.txt
call :tidy http.txt

rem --- On a site server of 2007: what its site control file says of PXE service points, and nothing else of it
if exist "%OUT%\facts\roles.txt" (
    for /f "usebackq tokens=3,*" %%A in ("%OUT%\facts\roles.txt") do call :sitecontrol "%%B"
)

rem --- With PowerShell: which keys of the computer sign, and the Secure Boot variables
set "POWERSHELL=%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe"
if exist "%POWERSHELL%" call :keys
if exist "%POWERSHELL%" call :secureboot

if "%MISSING%"=="1" goto :failed
echo Collected into "%OUT%"
exit /b 0

:taken
echo "%OUT%" is there already: name another folder, or take it away. 1>&2
exit /b 2

:unwritable
echo "%OUT%" cannot be made: name a folder where you may write. 1>&2
exit /b 2

:failed
echo The stores of the computer could not be exported: see "%LOG%" 1>&2
exit /b 1

:export
reg export %1 "%OUT%\%2" >nul 2>&1
if exist "%OUT%\%2" (
    >> "%LOG%" echo %2  %~1
    exit /b 0
)
>> "%LOG%" echo not there  %~1
exit /b 1

:cache
if not exist %1 exit /b 0
xcopy %1 "%OUT%\cache\%2" /h /i /q /y /c >nul 2>&1
if exist "%OUT%\cache\%2" (
    >> "%LOG%" echo cache\%2  %~1
) else (
    >> "%LOG%" echo LEFT OUT  %~1
)
exit /b 0

:copy
if not exist %1 exit /b 0
if not exist "%OUT%\%2" md "%OUT%\%2"
copy /y %1 "%OUT%\%2" >nul 2>&1
>> "%LOG%" echo %2  %~1
exit /b 0

:value
reg query %1 /v %2 >> "%OUT%\facts\%3" 2>nul
exit /b 0

:product
rem Names of roles and the few settings of certificates: SMS and CCM hold passwords elsewhere, which stay there.
reg query "%~1\SMS" >nul 2>&1
if not errorlevel 1 (
    reg query "%~1\SMS" >> "%OUT%\facts\roles.txt" 2>nul
    for %%V in ("Site Code" "Site Server" "Parent Site Code") do call :value "%~1\SMS\Identification" %%V roles.txt
    for %%V in ("Full Version" "Installation Directory") do call :value "%~1\SMS\Setup" %%V roles.txt
    for %%V in (SiteCode IsPXE) do call :value "%~1\SMS\DP" %%V roles.txt
    for %%V in (AssignedSiteCode ProductVersion) do call :value "%~1\SMS\Mobile Client" %%V client.txt
)
for %%V in ("Certificate Store" "Certificate Selection Criteria" "Select First Certificate") do (
    call :value "%~1\CCM\Security" %%V client.txt
)
exit /b 0

:kits
rem The kits that Windows PE comes from, among the installed programs: their names and versions, and no other's.
reg query %1 >nul 2>&1
if errorlevel 1 exit /b 0
for /f "tokens=*" %%K in ('reg query %1') do call :kit "%%K"
exit /b 0

:kit
for %%T in ("Automated Installation Kit" "Assessment and Deployment Kit") do call :named %1 %%T
exit /b 0

:named
reg query %1 /v DisplayName 2>nul | find %2 >nul
if errorlevel 1 exit /b 0
for %%V in (DisplayName DisplayVersion) do call :value %1 %%V toolchain.txt
exit /b 0

:sitecontrol
rem Sections, servers, roles and three properties: the lines with passwords of the site stay where they are.
set "CONTROLFILE=%~1\inboxes\sitectrl.box\sitectrl.ct0"
if not exist "%CONTROLFILE%" exit /b 0
set "LINE=^[^A-Z]*"
set "NAMED=%LINE%PROPERTY *."
type "%CONTROLFILE%" | findstr /r /c:"^SITE CONTROL FILE" /c:"%LINE%BEGIN_SYSTEM_RESOURCE_USE" /c:"%LINE%END_SYSTEM_RESOURCE_USE" /c:"%LINE%RESOURCE *." /c:"%LINE%ROLE *." /c:"%NAMED%Server Remote Name" /c:"%NAMED%CertificateType" /c:"%NAMED%CertificateFile" /c:"%NAMED%CertificateExpirationDate" > "%OUT%\sitectrl.ct0"
>> "%LOG%" echo sitectrl.ct0  %CONTROLFILE%
exit /b 0

:keys
rem Signs a word with each key and verifies it with the certificate: one line for each, in no language.
set "KEYS=$t='Security.Cryptography.X509Certificates.RSACertificateExtensions' -as [type];"
set "KEYS=%KEYS% $b=[Text.Encoding]::ASCII.GetBytes('certaudit');"
set "KEYS=%KEYS% foreach ($s in 'My','SMS','WebHosting') {"
set "KEYS=%KEYS% foreach ($c in @(Get-ChildItem ('Cert:\LocalMachine\'+$s) -ErrorAction SilentlyContinue)) {"
set "KEYS=%KEYS% if ($c.HasPrivateKey) { $r='untried'; $x='-'; $g=$null; try {"
set "KEYS=%KEYS% if ($t) { $k=$t::GetRSAPrivateKey($c) } else { $k=$c.PrivateKey };"
set "KEYS=%KEYS% if ($k -is [Security.Cryptography.RSACryptoServiceProvider]) {"
set "KEYS=%KEYS% $x=$k.CspKeyContainerInfo.Exportable; $g=$k.SignData($b,'SHA1') }"
set "KEYS=%KEYS% elseif ($k) { $x=([int]$k.Key.ExportPolicy -band 3) -ne 0;"
set "KEYS=%KEYS% $g=$k.SignData($b,[Security.Cryptography.HashAlgorithmName]::SHA1,"
set "KEYS=%KEYS% [Security.Cryptography.RSASignaturePadding]::Pkcs1) };"
set "KEYS=%KEYS% if ($g) { $r='mismatch'; if ($c.PublicKey.Key.VerifyData($b,'SHA1',$g)) { $r='works' } }"
set "KEYS=%KEYS% } catch { $e=$_.Exception; while ($e.InnerException) { $e=$e.InnerException };"
set "KEYS=%KEYS% $r='0x{0:X8}' -f [Runtime.InteropServices.Marshal]::GetHRForException($e) };"
set "KEYS=%KEYS% $s+' '+$c.Thumbprint+' '+$r+' '+$x } } }"
> "%OUT%\facts\keys.txt" echo certaudit key test 1
"%POWERSHELL%" -NoProfile -NonInteractive -Command "%KEYS%" >> "%OUT%\facts\keys.txt" 2>nul <nul
exit /b 0

:secureboot
rem The variables as the firmware has them: the signers that it lets boot, and those that it does not.
md "%OUT%\secure-boot"
set "BOOT=foreach ($n in 'PK','KEK','db','dbx') { try { $v=Get-SecureBootUEFI $n -ErrorAction Stop;"
set "BOOT=%BOOT% [IO.File]::WriteAllBytes($env:OUT+'\secure-boot\'+$n+'.bin',$v.Bytes) } catch { } }"
"%POWERSHELL%" -NoProfile -NonInteractive -Command "%BOOT%" >nul 2>&1 <nul
rd "%OUT%\secure-boot" 2>nul
exit /b 0

:tool
rem A program and the file for what it says. Server 2003 has no netsh http; a store that is not there is an error.
set "FILE=%OUT%\facts\%2"
%1 %3 %4 %5 %6 > "%FILE%" 2>&1
if errorlevel 1 del "%FILE%" 2>nul
call :tidy %2
exit /b 0

:tidy
rem Takes away a file of facts that holds nothing.
if not exist "%OUT%\facts\%1" exit /b 0
findstr /r "." "%OUT%\facts\%1" >nul 2>&1
if errorlevel 1 del "%OUT%\facts\%1"
exit /b 0
