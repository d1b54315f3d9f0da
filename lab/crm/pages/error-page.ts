/** CRM's classic error page; the visible words name no cause (field guide §10). */
export const errorPage = (): string => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Error</title>
<style>
body{margin:0;background:#fff;color:#000;font:12px "Segoe UI",Tahoma,Arial,sans-serif}
.ms-crm-Error-Header{background:#002050;color:#fff;padding:10px 20px;font-size:15px}
.ms-crm-Error-Body{max-width:640px;margin:48px 32px}
h1{font:300 25px "Segoe UI Light","Segoe UI",sans-serif;margin:0 0 16px;color:#262626}
p{line-height:1.6;color:#444}button{font:inherit;padding:5px 22px;border:1px solid #c6c6c6;background:#fff}
</style></head>
<body><div class="ms-crm-Error-Header">Microsoft Dynamics CRM</div>
<div class="ms-crm-Error-Body" id="errorContainer">
<h1 id="ErrorTitle">An error has occurred.</h1>
<p id="ErrorMessage">Try this action again. If the problem continues, check the Microsoft Dynamics CRM Community for solutions or contact your organization's \
Microsoft Dynamics CRM Administrator. Finally, you can contact Microsoft Support.</p>
<button type="button" onclick="history.back()">Go Back</button>
</div></body></html>`;
