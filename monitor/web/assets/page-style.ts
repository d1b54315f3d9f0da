/** The style sheet of the web page: the report's colours and type, and what only pages need. */
import { style as reportStyle } from '../../../reports/html/style';

export const pageStyle = `${reportStyle}
:root{--flaky:#6242a6;--flaky-soft:#f1ecfb;--strip-healthy:#6bb287;--strip-none:#c9d0d8;--strip-missed:#98a2ae;--strip-at-risk:#c98a1b;--bar-6:#c06a4f}
@media screen and (prefers-color-scheme:dark){:root{--flaky:#c3adf7;--flaky-soft:#2a2140;--strip-healthy:#3f8f5f;--strip-none:#3a434e;--strip-missed:#6d7886;\
--strip-at-risk:#c98f2b;--bar-6:#d98d73}}
.is-flaky{--tone:var(--flaky);--soft:var(--flaky-soft)}.is-none,.is-missed,.is-planned,.is-running,.is-maintenance,.is-withdrawn{--tone:var(--unknown);\
--soft:var(--unknown-soft)}
.is-critical{--tone:var(--broken);--soft:var(--broken-soft)}.is-warning{--tone:var(--at-risk);--soft:var(--at-risk-soft)}\
.is-info{--tone:var(--unknown);--soft:var(--unknown-soft)}
.unseen,.skip:not(:focus){position:absolute;width:1px;height:1px;margin:-1px;padding:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{position:absolute;left:.5rem;top:.5rem;z-index:2;background:var(--card);padding:.4rem .8rem;border-radius:6px;border:1px solid var(--line)}
body.page main{max-width:82rem}main:focus{outline:none}
button:focus-visible,input:focus-visible,select:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.bar{display:flex;flex-wrap:wrap;align-items:center;gap:.2rem 1.5rem;padding:.5rem 1.25rem;background:var(--card);border-bottom:1px solid var(--line)}
.bar p{margin:0}.brand a{font-weight:700;color:var(--text);text-decoration:none;letter-spacing:-.01em}
.bar ul{display:flex;flex-wrap:wrap;gap:0 .15rem;list-style:none;margin:0;padding:0}.bar li{margin:0}
.bar nav a{display:block;padding:.45rem .7rem;border-radius:6px;text-decoration:none;color:var(--text)}.bar nav a:hover{background:var(--inset)}
.bar nav a[aria-current]{font-weight:650;box-shadow:inset 0 -3px 0 var(--link);border-radius:6px 6px 0 0}
.account{margin-left:auto;display:flex;align-items:center;flex-wrap:wrap;gap:.3rem .8rem;font-size:.875rem}
.foot{max-width:82rem;margin:0 auto;padding:1rem 1.25rem 2rem}.foot p{max-width:none}
button,.button{font:inherit;font-weight:600;color:var(--text);background:var(--card);border:1px solid var(--muted);border-radius:6px;padding:.3rem .85rem;\
min-height:2.1rem;cursor:pointer;text-decoration:none;display:inline-block}
button.main{background:var(--link);border-color:var(--link);color:var(--card)}button.quiet{border-color:var(--line);font-weight:400;font-size:.875rem;\
padding:.1rem .6rem;min-height:1.8rem}
button:hover,.button:hover{border-color:var(--text)}
input:not([type=radio]):not([type=checkbox]):not([type=hidden]),select,textarea{font:inherit;color:var(--text);background:var(--card);\
border:1px solid var(--muted);border-radius:6px;padding:.3rem .55rem;min-height:2.1rem;max-width:100%}
input[type=radio]{width:1.1rem;height:1.1rem;margin:.1rem .3rem;vertical-align:middle}
label{font-size:.875rem;min-width:0;max-width:100%}label>span:first-child{display:block;color:var(--muted);margin-bottom:.1rem}
.fields{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:flex-end;margin:.6rem 0}.fields.tight{gap:.4rem .5rem}
.mark{display:inline-flex;align-items:center;gap:.35em;font-weight:650;color:var(--tone)}
.mark>span{display:inline-flex;align-items:center;justify-content:center;flex:none;width:1.35em;height:1.35em;border-radius:4px;background:var(--tone);\
color:var(--card);font-weight:800;font-size:.85em;line-height:1}
.is-missed.mark>span,.is-planned.mark>span,.is-running.mark>span,.is-maintenance.mark>span,.is-none.mark>span,.is-withdrawn.mark>span{background:none;\
color:var(--tone);box-shadow:inset 0 0 0 1.5px var(--tone)}
.head{display:flex;flex-wrap:wrap;gap:1rem;align-items:stretch;margin:0 0 1rem}
.head .say{flex:1 1 22rem;background:var(--soft);border:1px solid var(--line);border-left:8px solid var(--tone);border-radius:10px;padding:.9rem 1.2rem;\
display:flex;gap:1rem;align-items:center}
.head .say .sign{flex:none;display:flex;align-items:center;justify-content:center;width:3.2rem;height:3.2rem;border-radius:50%;background:var(--tone);\
color:var(--card);font-size:1.9rem;font-weight:800;line-height:1}
.head h1{font-size:1.75rem}.head .say h2{margin:0}.head .say p{margin:.2rem 0 0}
.figures{display:flex;flex-wrap:wrap;gap:.75rem;margin:0;padding:0;list-style:none}
.figures li{margin:0;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.7rem 1.1rem;min-width:8.5rem;flex:1}
.figures b{display:block;font-size:1.5rem;line-height:1.2;letter-spacing:-.01em;white-space:nowrap}.figures span{font-size:.875rem;color:var(--muted)}
.troubles{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:.8rem;margin:0 0 1.2rem;padding:0;list-style:none}
.trouble{background:var(--card);border:1px solid var(--line);border-top:5px solid var(--tone);border-radius:10px;padding:.7rem 1rem .8rem;margin:0}
.trouble h3{margin:.35rem 0 .3rem;font-size:1.0625rem}.trouble p{margin:.2rem 0;font-size:.9375rem}.trouble .between{display:flex;flex-wrap:wrap;\
justify-content:space-between;gap:0 1rem;margin:0}
.trouble details{margin:.3rem 0 0;font-size:.875rem}
.switch{display:flex;flex-wrap:wrap;gap:.3rem .4rem;align-items:center;margin:.2rem 0 .8rem;font-size:.9375rem}
.switch a{padding:.25rem .7rem;border:1px solid var(--line);border-radius:999px;text-decoration:none;background:var(--card);color:var(--text)}
.switch a[aria-current]{border-color:var(--link);box-shadow:inset 0 0 0 1px var(--link);font-weight:650}
.group{margin:0 0 1.6rem}.group>h2{margin:1.2rem 0 .4rem;display:flex;flex-wrap:wrap;gap:0 .8rem;align-items:baseline}\
.group>h2 small{font-weight:400;font-size:.875rem;color:var(--muted)}
table.series td,table.series th,table.list td,table.list th{padding:.35rem .7rem;vertical-align:middle}table.list .words{overflow-wrap:normal}\
table.list .name{min-width:8.5rem}
table.series tbody+tbody tr:first-child>*{border-top:1px solid var(--muted)}table.series tbody:first-of-type tr:first-child>*{border-top-color:var(--line)}
table.series th[scope=rowgroup]{vertical-align:top;min-width:7rem;padding-top:.45rem;font-size:.9375rem}table.series .why{max-width:24rem;font-size:.8125rem;\
color:var(--muted);line-height:1.35}
table.series tr.is-broken>td,table.now tr.is-broken>td{background:var(--broken-soft)}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.place{min-width:4.6rem}td.whole,div.whole{min-width:11.5rem}code.print{font-size:.6875rem;white-space:nowrap;letter-spacing:-.01em}\
td.tight,th.tight{white-space:nowrap;width:1%}
.strip{display:block;max-width:100%;overflow:visible;min-width:8rem}@media screen and (min-width:84rem){.strip{min-width:16.9rem}}\
.strip path{fill:none;stroke-dasharray:2.3 .7}
.s-healthy{stroke:var(--strip-healthy);stroke-width:11}.s-broken{stroke:var(--broken);stroke-width:20}.s-at-risk{stroke:var(--strip-at-risk);stroke-width:16}\
.s-flaky{stroke:var(--flaky);stroke-width:15}
.s-unknown{stroke:var(--strip-missed);stroke-width:7}.s-missed{stroke:var(--strip-missed);stroke-width:4}.s-maintenance{stroke:var(--bar);stroke-width:4}\
.s-none{stroke:var(--strip-none);stroke-width:1}
.offline main{opacity:.55}.offline #live-status{background:var(--broken);color:var(--card);font-weight:700;padding:.2rem .5rem;border-radius:5px}
.offline .foot{position:sticky;bottom:0;background:var(--page);border-top:4px solid var(--broken)}
.message{max-width:34rem;margin:8vh auto}.message .card{padding:1.5rem 1.75rem}.message label{display:block;margin:.7rem 0}\
.message input:not([type=hidden]){width:100%}.message .card>*+*{margin-top:.8rem}
.notice{border:1px solid var(--line);border-left:6px solid var(--tone,var(--link));background:var(--card);border-radius:8px;padding:.6rem 1rem;margin:0 0 1rem}
.crumb{font-size:.875rem;color:var(--muted);margin:0 0 .3rem}.title{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.4rem 1.5rem;\
align-items:baseline;margin:0 0 .8rem}.title p{margin:0}p.title{max-width:none}.title h2{margin:0}section>.title{margin-top:1.8rem}.kb,h3>a{white-space:normal}\
a.show-address{white-space:nowrap}
.drawing svg .lane{fill:var(--muted)}.drawing svg.sans-all{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
.v-healthy{fill:var(--strip-healthy)}.v-broken{fill:var(--broken)}.v-at-risk{fill:var(--strip-at-risk)}.v-flaky{fill:var(--flaky)}\
.v-unknown{fill:var(--strip-missed)}.v-missed{fill:var(--strip-missed)}.v-maintenance{fill:var(--bar)}
.t-dns{fill:var(--bar-5)}.t-tls{fill:var(--bar-2)}.t-sts{fill:var(--bar)}.t-token{fill:var(--bar-4)}.t-crm{fill:var(--bar-3)}.t-rest{fill:var(--bar-6)}
i.t-dns{background:var(--bar-5)}i.t-tls{background:var(--bar-2)}i.t-sts{background:var(--bar)}i.t-token{background:var(--bar-4)}\
i.t-crm{background:var(--bar-3)}i.t-rest{background:var(--bar-6)}
i.v-healthy{background:var(--strip-healthy)}i.v-broken{background:var(--broken)}i.v-at-risk{background:var(--strip-at-risk)}i.v-flaky{background:var(--flaky)}\
i.v-missed{background:var(--strip-missed)}i.v-maintenance{background:var(--bar)}
.month{table-layout:fixed}.month td{height:5.2rem;vertical-align:top;padding:.3rem .45rem}.month th{padding:.4rem .45rem}\
.month .day{font-size:.8125rem;color:var(--muted);display:block}.month .today{box-shadow:inset 0 0 0 2px var(--link)}.month .today .day{color:var(--link);\
font-weight:700}
.month ul{list-style:none;margin:.1rem 0 0;padding:0}.month li{margin:.15rem 0;font-size:.75rem;line-height:1.3;border-left:4px solid var(--tone);\
background:var(--soft);border-radius:3px;padding:.1rem .35rem}.month .out{background:var(--inset)}
.overflow{overflow-x:auto}
body.wall{font-size:1.05vw}body.wall main{max-width:none;padding:.6vw 1.4vw .2vw}body.wall .bar{padding:.25vw 1.4vw;font-size:.8vw}\
body.wall .foot{max-width:none;padding:.2vw 1.4vw;margin:0;border:0;font-size:.9vw}
body.wall .head .say{padding:1vw 1.6vw;border-left-width:1vw;gap:1.6vw}body.wall .head .sign{width:5.4vw;height:5.4vw;font-size:3.2vw}\
body.wall .head h1{font-size:2.7vw;text-wrap:wrap}body.wall .head .say{flex:1 1 50vw}body.wall .figures{flex:0 1 34vw;flex-wrap:nowrap}\
body.wall .head .say p{font-size:1.3vw;max-width:none}
body.wall .figures b{font-size:2.3vw}body.wall .figures span{font-size:1vw}body.wall .figures li{padding:.7vw 1.2vw}
body.wall .troubles{grid-template-columns:repeat(auto-fit,minmax(min(100%,28vw),1fr));gap:.8vw;margin-bottom:.8vw}body.wall .trouble{padding:.7vw 1.1vw;\
border-top-width:.5vw}body.wall .trouble h2{font-size:1.35vw;margin:.3vw 0;text-wrap:wrap}body.wall .trouble p{font-size:1.05vw;max-width:none}
.tiles{margin:0 0 .6vw}.tiles h2{font-size:1.15vw;margin:.5vw 0 .35vw}.tiles h2 small{font-weight:400;color:var(--muted)}
.tiles ul{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(7.6vw,1fr));gap:.4vw}
.tile{margin:0;background:var(--soft);border:1px solid var(--line);border-left:.45vw solid var(--tone);border-radius:.4vw;padding:.3vw .55vw .4vw}\
.tile a{color:var(--text);text-decoration:none;font-weight:600;font-size:.88vw;display:block;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.head h1,.head p,.tile,.tiles h2,.trouble,.tiles ul{min-width:0;overflow-wrap:anywhere}.wall .key{overflow-wrap:anywhere}.tile .cells{display:flex;gap:.25vw;\
margin-top:.2vw}.cell{display:inline-flex;align-items:center;justify-content:center;flex:1;height:1.35vw;border-radius:.25vw;background:var(--tone);\
color:var(--card);font-weight:800;font-size:.9vw;line-height:1}.cell.stale{background:none;color:var(--tone);box-shadow:inset 0 0 0 .14vw var(--tone)}
.wall .key{display:flex;flex-wrap:wrap;gap:.2vw 1.2vw;font-size:.9vw;color:var(--muted);max-width:none;margin:.2vw 0 0}
@media screen and (max-width:64rem){body.wall{font-size:1rem}body.wall main{padding:.8rem}body.wall .bar,body.wall .foot{padding:.5rem .9rem;font-size:.875rem}
body.wall .head .say{padding:.8rem 1rem;gap:.8rem;border-left-width:8px}body.wall .head .sign{width:3rem;height:3rem;font-size:1.8rem}\
body.wall .head h1{font-size:1.5rem}body.wall .head .say p,body.wall .trouble p{font-size:.9375rem}
body.wall .figures b{font-size:1.4rem}body.wall .figures span,.wall .key{font-size:.875rem}body.wall .figures li{padding:.6rem 1rem}\
body.wall .trouble{padding:.7rem 1rem;border-top-width:5px}body.wall .trouble h2{font-size:1.1rem}body.wall .troubles{grid-template-columns:1fr;gap:.7rem}
.tiles h2{font-size:1.0625rem;margin:.9rem 0 .4rem}.tiles ul{grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.4rem}\
.tile{border-left-width:6px;border-radius:6px;padding:.3rem .55rem .45rem}.tile a{font-size:.9375rem}.tile .cells{gap:4px;margin-top:.2rem}\
.cell{height:1.4rem;font-size:.9rem;border-radius:4px}.cell.stale{box-shadow:inset 0 0 0 2px var(--tone)}}
@media screen and (max-width:83.99rem){.hide-medium{display:none}code.print{white-space:normal}}
@media screen and (max-width:64rem){table.series.stack,table.series.stack tbody,table.list.stack,table.list.stack tbody{display:block;border:0;background:none}\
table.series.stack thead,table.list.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\
table.list.stack tr{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem;margin:.5rem 0}
table.stack td[data-label]::before{content:attr(data-label) ": ";color:var(--muted)}td.tight,th.tight{width:auto}td.number{text-align:left}
table.series.stack tbody{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem;margin:.6rem 0;overflow:hidden}\
table.series.stack tr{border:0;border-top:1px solid var(--line);border-radius:0;padding:.4rem 0;margin:0}table.series.stack tr:first-child{border-top:0;\
padding-top:0}
table.series.stack tr,table.list.stack tr{display:flex;flex-wrap:wrap;align-items:baseline;gap:.05rem .8rem}\
table.series.stack th,table.series.stack td,table.list.stack th,table.list.stack td{padding:0;margin:0;max-width:100%;text-align:left;white-space:normal;\
background:none;border:0!important}
table.series.stack th[scope=rowgroup],table.list.stack th[scope=row]{flex-basis:100%;font-size:1rem}td:has(.strip),td:has(.why),td:has(.small){flex-basis:100%}\
table.now.stack tr.is-broken{background:var(--broken-soft)}
table.stack td:empty{display:none}td.place,td.whole,div.whole{min-width:0}}
@media screen and (max-width:44rem){.strip{min-width:0;width:100%;height:auto}.bar{padding:.4rem .9rem}.bar nav{order:3;flex-basis:100%}\
.bar nav a{padding:.4rem .5rem}.foot{padding:.8rem .9rem 1.5rem}.head .say{padding:.8rem .9rem}.head h1{font-size:1.3rem}\
.head .say .sign{width:2.6rem;height:2.6rem;font-size:1.5rem}
.figures li{min-width:calc(50% - .5rem);padding:.5rem .8rem}.figures b{font-size:1.25rem}
table.stack td:empty{display:none}code.print,td.whole,div.whole{white-space:normal}td.tight,th.tight{width:auto}\
table.month,.month tbody,.month tr,.month td{display:block;height:auto;border:0}.month thead,.month td.empty{display:none}.month{background:none;border:0}\
.month td{background:var(--card)!important;border:1px solid var(--line)!important;border-radius:8px;margin:.4rem 0;padding:.5rem .8rem}\
.month li{font-size:.875rem}.message{margin:1rem auto}}
@media print{.bar,.skip,.switch,form,.foot noscript,#live-status{display:none}}
`;
