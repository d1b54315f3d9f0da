import { escapeXml } from '../xml-reading';
import type { ShellContent } from './shell-content';

/** CRM 2011's main.aspx. Its element ids are not known, so it has none that a probe could hold on to: a ribbon, a site map on the left, a frame. */
export function shell2011({ user, organization, root }: ShellContent): string {
  return `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>Dashboards: \
Microsoft Dynamics CRM Overview - Microsoft Dynamics CRM</title>
<style type="text/css">html,body{height:100%;margin:0;font:11px Tahoma,Arial,sans-serif;background:#f0f3f8}table.layout{width:100%;height:100%;\
border-collapse:collapse}
td{padding:0;vertical-align:top}.ribbon{height:110px;background:#dfe9f5;border-bottom:1px solid #8fa8c8}.ribbon span{display:inline-block;padding:6px 12px}\
.map{width:190px;background:#fff;border-right:1px solid #8fa8c8;padding:8px}
.map a{display:block;padding:4px 8px;color:#15428b;text-decoration:none}iframe{border:0;width:100%;height:100%}.who{float:right;text-align:right}</style></head>
<body><table class="layout">
<tr><td class="ribbon" colspan="2"><span><b>File</b></span><span>Dashboards</span><span class="who">${escapeXml(user.fullName)}<br />\
${escapeXml(organization.friendlyName)} <a href="${root}/signout.aspx">Sign Out</a></span></td></tr>
<tr><td class="map"><b>Workplace</b><a href="#">Dashboards</a><a href="#">Activities</a><a href="#">Calendar</a><a href="#">Accounts</a>\
<a href="#">Contacts</a></td>
<td><iframe title="Content" src="${root}/_root/homepage.aspx"></iframe></td></tr>
</table></body></html>`;
}
