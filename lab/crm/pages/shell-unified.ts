import { escapeXml } from '../xml-reading';
import { opportunities, type ShellContent } from './shell-content';

/** Dynamics 365's Unified Interface, with the hooks that UI tests hold on to (field guide §11.1). */
export function unifiedShell({ user, organization, root }: ShellContent): string {
  const cards = opportunities
    .map(
      ([topic, account, value, stage, percent]) =>
        `<article><h3>${topic}</h3><p>${escapeXml(account)}</p><div class="meter"><i style="width:${percent}%"></i></div><footer><b>${value}</b>` +
        `<span>${stage}</span></footer></article>`,
    )
    .join('');
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Sales Activity Dashboard - Dynamics 365</title>
<style>
*{box-sizing:border-box}html,body{height:100%;margin:0;font:14px "Segoe UI",Tahoma,Arial,sans-serif;color:#242424;background:#f5f5f5}
#ApplicationShell{height:100%;display:grid;grid-template:48px 1fr/212px 1fr}
#topBar{grid-column:1/3;background:#0b2a4a;color:#fff;display:flex;align-items:center;padding:0 16px;gap:16px}
#topBar .waffle{width:18px;height:18px;background:radial-gradient(circle,#fff 1.5px,transparent 2px) 0 0/6px 6px}
#topBar .app{opacity:.85;border-left:1px solid #ffffff50;padding-left:16px}#topBar .grow{flex:1}
#userInformationLauncher_buttoncrm_header_global_me-control button{border:0;background:#2b6cb0;color:#fff;border-radius:16px;height:32px;padding:0 14px;\
font:inherit}
nav{background:#efefef;border-right:1px solid #ddd;padding:10px 0}nav a{display:block;padding:9px 20px;color:#333;text-decoration:none}
nav a.on{background:#fff;border-left:3px solid #1160b7;font-weight:600;padding-left:17px}nav h4{margin:14px 20px 4px;font-size:12px;font-weight:600;color:#666}
main{padding:20px 24px;overflow:auto}h1{font-size:20px;font-weight:600;margin:0 0 16px}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:16px}
article{background:#fff;border-radius:4px;padding:16px;box-shadow:0 1px 3px #0002}h3{font-size:14px;margin:0 0 4px}p{margin:0;color:#666}
.meter{height:6px;border-radius:3px;background:#e6e6e6;margin:14px 0 10px}.meter i{display:block;height:6px;border-radius:3px;background:#1160b7}\
footer{display:flex;justify-content:space-between;color:#555}
</style></head>
<body><div id="ApplicationShell">
<header id="topBar" data-id="topBar" role="banner"><span class="waffle"></span><b>Dynamics 365</b><span class="app">Sales Hub</span><span class="grow"></span>\
<span>${escapeXml(organization.friendlyName)}</span>
<span id="userInformationLauncher_buttoncrm_header_global_me-control"><button type="button" title="${escapeXml(user.fullName)}"><span><span>\
<span>${escapeXml(user.fullName)}</span></span></span></button></span></header>
<nav data-id="navbar-container" aria-label="Site map"><a href="${root}/main.aspx">Home</a><h4>My Work</h4><a class="on" href="#">Dashboards</a>\
<a href="#">Activities</a><h4>Customers</h4><a href="#">Accounts</a><a href="#">Contacts</a><h4>Sales</h4><a href="#">Opportunities</a><h4>&#160;</h4>\
<a href="${root}/signout.aspx">Sign out</a></nav>
<main data-id="contentContainer"><h1>Sales Activity Dashboard</h1><div class="cards">${cards}</div></main>
</div></body></html>`;
}
