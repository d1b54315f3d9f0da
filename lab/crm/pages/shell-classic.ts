import { escapeXml } from '../xml-reading';
import { opportunities, type ShellContent } from './shell-content';

/** The classic web client of CRM 2013 to v9, with the hooks that UI tests hold on to (field guide §11.1). */
export function classicShell({ user, organization, root, product }: ShellContent & { readonly product: string }): string {
  const name = escapeXml(user.fullName);
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Dashboards: Sales Activity Social Dashboard - ${product}</title>
<style>
*{box-sizing:border-box}html,body{height:100%;margin:0;font:12px "Segoe UI",Tahoma,Arial,sans-serif;color:#333}
body{display:flex;flex-direction:column}
#crmMasthead{background:#002050;color:#fff;flex:none}
#navBar{display:flex;align-items:center;height:48px}
#navBar>*{padding:0 14px;height:100%;display:flex;align-items:center;color:#fff;text-decoration:none;border-right:1px solid #1f3d6b;white-space:nowrap}
#navBar .brand{font-size:17px;font-weight:300}#navBar .grow{flex:1}
#navTabButtonUserInfoLinkId{text-align:right;line-height:1.3}
#navTabButtonUserInfoLinkId small{display:block;color:#b8c7dd}
#userMenu summary{list-style:none;cursor:pointer}#userMenu ul{position:absolute;right:8px;top:46px;margin:0;padding:6px 0;list-style:none;background:#fff;\
border:1px solid #c6c6c6;box-shadow:0 2px 8px #0003}
#userMenu ul a{display:block;padding:7px 24px;color:#333;text-decoration:none}
#crmTopBar{height:44px;flex:none;display:flex;align-items:center;gap:22px;padding:0 18px;border-bottom:1px solid #d6d6d6;background:#fff;color:#444}
#crmTopBar b{font-weight:600;color:#1160b7}
#crmContentPanel{flex:1;min-height:0}#contentIFrame0{width:100%;height:100%;border:0;display:block}
</style></head>
<body>
<div id="crmMasthead"><div id="navBar">
<span class="brand">${product.replace('Microsoft ', '')}</span>
<span id="TabHome"><a id="HomeTabLink" href="${root}/main.aspx" style="color:inherit;text-decoration:none">Sales</a></span>
<span>Dashboards</span><span class="grow">${escapeXml(organization.friendlyName)}</span>
<details id="userMenu"><summary id="navTabButtonUserInfoLinkId"><span class="navTabButtonUserInfoText">${name}</span>\
<small>${escapeXml(organization.friendlyName)}</small></summary>
<ul><li><a href="${root}/main.aspx">Options</a></li><li><a id="navTabButtonUserInfoSignOutId" href="${root}/signout.aspx">Sign out</a></li></ul></details>
</div></div>
<div id="crmTopBar"><b>Sales Activity Social Dashboard</b><span>Save As</span><span>New</span><span>Set as Default</span><span>Refresh All</span></div>
<div id="crmContentPanel"><iframe id="contentIFrame0" name="contentIFrame0" title="Content" src="${root}/_root/homepage.aspx"></iframe></div>
</body></html>`;
}

/** The dashboard inside the classic shell's frame. */
export function classicDashboard({ user }: ShellContent): string {
  const rows = opportunities
    .map(([topic, account, value, stage]) => `<tr><td>${topic}</td><td>${escapeXml(account)}</td><td class="n">${value}</td><td>${stage}</td></tr>`)
    .join('');
  const bars = opportunities
    .map(([topic, , , stage, percent]) => `<div class="bar"><i style="width:${percent}%"></i><span>${stage}: ${topic}</span></div>`)
    .join('');
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Dashboard</title>
<style>body{margin:0;padding:18px;font:12px "Segoe UI",Tahoma,Arial,sans-serif;color:#333;background:#fff}
h1{font:300 22px "Segoe UI Light","Segoe UI",sans-serif;margin:0 0 14px}.grid{display:grid;grid-template-columns:1fr 1fr;gap:16px}
section{border:1px solid #d6d6d6;padding:12px 14px}h2{font-size:13px;font-weight:600;margin:0 0 10px;color:#1160b7}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:6px 8px;border-bottom:1px solid #eaeaea}th{font-weight:400;color:#777}\
.n{text-align:right}
.bar{position:relative;height:26px;margin:6px 0;background:#f3f6fa}.bar i{position:absolute;inset:0 auto 0 0;background:#5b8bc4}\
.bar span{position:relative;display:block;padding:5px 8px;color:#1b1b1b}</style></head>
<body><h1>Welcome, ${escapeXml(user.fullName)}</h1><div class="grid">
<section><h2>My Open Opportunities</h2><table><thead><tr><th>Topic</th><th>Account</th><th class="n">Est. Revenue</th><th>Stage</th></tr></thead>\
<tbody>${rows}</tbody></table></section>
<section><h2>Sales Pipeline</h2>${bars}</section></div></body></html>`;
}
