/** The report's only style sheet. Light by default and in print, dark where the reader's screen asks for it. */
export const style = `
:root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--inset:#f4f5f7;--text:#1c2128;--muted:#57606a;--line:#d5dae0;--link:#0a5bb5;
--broken:#b4141f;--broken-soft:#fdeeee;--at-risk:#875100;--at-risk-soft:#fff5df;--healthy:#17683a;--healthy-soft:#e9f6ee;--unknown:#4a5563;\
--unknown-soft:#edf0f4;
--bar:#2f6fb3;--bar-2:#8f7ac0;--bar-3:#2b8a80;--bar-4:#6db1e8;--bar-5:#8c96a3}
@media screen and (prefers-color-scheme:dark){:root{--page:#101317;--card:#191d23;--inset:#12161b;--text:#e4e8ed;--muted:#a0abb8;--line:#333b45;--link:#7db7ff;
--broken:#ff938c;--broken-soft:#34191b;--at-risk:#f1bd5d;--at-risk-soft:#35290f;--healthy:#74d196;--healthy-soft:#14301f;--unknown:#b4bfcc;\
--unknown-soft:#262d36;
--bar:#4a8edb;--bar-2:#a892dc;--bar-3:#45ad9f;--bar-4:#94c9f5;--bar-5:#7d8895}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;\
overflow-wrap:anywhere}
main{max-width:66rem;margin:0 auto;padding:1.25rem 1.25rem 3rem}
h1,h2,h3,h4{line-height:1.25;margin:0;font-weight:650;text-wrap:balance}
h1{font-size:1.9rem;letter-spacing:-.015em}
h2{font-size:1.3rem;margin:2.75rem 0 .75rem;letter-spacing:-.005em}
h3{font-size:1.0625rem;margin:1.5rem 0 .5rem}
h4{font-size:.9375rem;margin:1rem 0 .35rem}
p{margin:.4rem 0;max-width:46rem}p.free{max-width:none}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
code,pre,.mono{font-family:ui-monospace,"Cascadia Mono",Consolas,Menlo,"DejaVu Sans Mono",monospace;font-size:.8125rem}
ul,ol{margin:.4rem 0;padding-left:1.35rem}
li{margin:.4rem 0}
.muted{color:var(--muted)}.small{font-size:.875rem}.nowrap{white-space:nowrap}
.top{display:flex;flex-wrap:wrap;gap:.15rem 1.25rem;justify-content:space-between;color:var(--muted);font-size:.875rem;margin-bottom:1rem}
.top b{color:var(--text);font-weight:650}
.lead{font-size:1.0625rem;margin:.5rem 0 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.25rem 1.4rem;margin:1rem 0}
.card>:first-child{margin-top:0}.card>:last-child{margin-bottom:0}
.routes{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1rem;margin:1.25rem 0 1rem}
.route{background:var(--soft);border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:8px;padding:.85rem 1.1rem 1rem;margin:0}
.route p{margin:.2rem 0}
.route .name{display:flex;flex-wrap:wrap;align-items:center;gap:.35rem .6rem;margin:0 0 .5rem}
.route .name h2{margin:0;font-size:1.0625rem}
.is-broken{--tone:var(--broken);--soft:var(--broken-soft)}.is-at-risk{--tone:var(--at-risk);--soft:var(--at-risk-soft)}
.is-healthy{--tone:var(--healthy);--soft:var(--healthy-soft)}.is-unknown{--tone:var(--unknown);--soft:var(--unknown-soft)}
.verdict{display:inline-flex;align-items:center;gap:.4em;background:var(--tone);color:var(--card);border-radius:5px;padding:.12em .6em .12em .5em;\
font-weight:700;font-size:.8125rem;letter-spacing:.05em;text-transform:uppercase;
-webkit-print-color-adjust:exact;print-color-adjust:exact}
.outcome{font-size:1.0625rem;font-weight:650}
.cause{border-top:5px solid var(--tone)}
.cause .scope,.eyebrow{font-size:.8125rem;font-weight:650;letter-spacing:.04em;text-transform:uppercase;color:var(--muted);margin:0 0 .3rem}
.cause .scope{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;max-width:none}.scope code{text-transform:none;letter-spacing:0;\
font-weight:400}
.cause h2{margin:0 0 .7rem;font-size:1.4rem}
.badges{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem .9rem;margin:0 0 .25rem;font-size:.9375rem}
.badge{border:1.5px solid var(--tone);border-radius:5px;padding:.1em .6em;font-weight:650;color:var(--tone)}
.dots{letter-spacing:.12em;margin-right:.35em}
.columns{display:grid;grid-template-columns:minmax(0,8fr) minmax(0,5fr);gap:0 2.5rem}.hash{font-size:.85em;overflow-wrap:anywhere}
.cause.also h2{font-size:1.125rem}.cause.also{border-top-width:3px}
.refs{font-size:.8125rem;color:var(--muted)}
.do{background:var(--inset);border-radius:8px;padding:1rem 1.25rem .6rem;margin:1.5rem 0 0}
.do h3{margin:0 0 .25rem}
.steps{padding-left:0;list-style:none;counter-reset:step}
.steps>li{counter-increment:step;position:relative;padding-left:2.35rem;margin:.8rem 0}
.steps>li::before{content:counter(step);position:absolute;left:0;top:0;width:1.6rem;height:1.6rem;border-radius:50%;border:1.5px solid var(--text);\
display:flex;align-items:center;justify-content:center;font-size:.8125rem;font-weight:700;line-height:1}
pre.command{margin:.4rem 0 0;padding:.55rem .8rem;background:var(--card);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;\
overflow-wrap:anywhere;user-select:all;-webkit-user-select:all;cursor:text}
pre.command span{display:inline-block;max-width:100%}
.jump{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:1.5rem 0 0;padding:.7rem 0;border-block:1px solid var(--line);font-size:.9375rem}
.facts{display:grid;grid-template-columns:fit-content(12rem) minmax(0,1fr);gap:.15rem 1rem;margin:.4rem 0;font-size:.875rem}
.facts dt{color:var(--muted)}.facts dd{margin:0;overflow-wrap:anywhere}
.stages{margin:.75rem 0 0;max-width:46rem}
.stages .track{display:flex;gap:2px;height:9px}
.stages .track span{display:block;min-width:3px;border-radius:2px;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.legend{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin:.4rem 0 0;padding:0;list-style:none;font-size:.8125rem;color:var(--muted)}
.legend li{margin:0}
.legend i{display:inline-block;width:.7em;height:.7em;border-radius:2px;margin-right:.4em;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.legend b{color:var(--text);font-weight:600}
.c1{background:var(--bar)}.c2{background:var(--bar-2)}.c3{background:var(--bar-3)}.c4{background:var(--bar-4)}.c5{background:var(--bar-5)}
figure{margin:1rem 0}figcaption{font-size:.875rem;color:var(--muted);margin:.35rem 0}
.drawing{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.9rem}
.drawing svg{display:block;width:100%;height:auto;font-family:ui-monospace,"Cascadia Mono",Consolas,Menlo,"DejaVu Sans Mono",monospace}
.drawing svg text{fill:var(--text)}.drawing svg .quiet{fill:var(--muted)}.drawing svg .bad{fill:var(--broken)}.drawing svg .strong{font-weight:700}
.drawing svg .sans{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
.narrow{display:none!important}
.hops{list-style:none;padding:0;margin:.5rem 0}
.hop{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:.5rem 0;padding:.55rem .9rem .65rem}
.hop.ended{border-color:var(--broken);border-left-width:6px;background:var(--broken-soft)}
.hop:target,tr:target,tr:has(:target){outline:3px solid var(--link);outline-offset:1px}
.hop .line{display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .9rem;margin:0;max-width:none}
.hop .number{font-weight:700;min-width:1.4rem}.hop .status{font-weight:650;font-size:.9375rem;flex:0 0 9.5rem}.hop.ended .status{color:var(--broken)}
.hop .where{flex:1 1 20rem;min-width:0;overflow-wrap:anywhere}.hop .what{flex:0 0 11.5rem;text-align:right}
.hop .facts{grid-template-columns:8rem minmax(0,1fr);margin:.35rem 0 0 2.3rem;font-size:.8125rem}
.hop .facts dd{font-family:ui-monospace,"Cascadia Mono",Consolas,Menlo,"DejaVu Sans Mono",monospace;font-size:.75rem;line-height:1.55}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:.875rem;background:var(--card);border:1px solid var(--line);border-radius:8px;\
overflow:hidden;margin:.5rem 0}
th{text-align:left;font-weight:600}
th,td{padding:.5rem .8rem;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
thead th{border-top:0;white-space:nowrap;color:var(--muted);font-size:.8125rem}th .muted{font-weight:400}td .thumbprint{font-size:.75rem;white-space:nowrap}
th[scope=row]{min-width:9.5rem}th[scope=row] code{font-size:.78rem}
.screens{display:grid;align-items:start;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr));gap:1rem}
.screens figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem}
.screens img{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:4px;background:#fff}
.quote{border-left:3px solid var(--line);padding:.15rem 0 .15rem .9rem;margin:.6rem 0;white-space:pre-line;overflow-wrap:anywhere;font-size:.9375rem}
details{margin:.75rem 0}
summary{cursor:pointer;font-weight:600;padding:.35rem 0}
.folds{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:1rem 0;padding:0 1.1rem}\
.folds>details{margin:0;border-top:1px solid var(--line);padding:.3rem 0}.folds>details:first-child{border-top:0}\
.folds .drawing,.folds table.stack tr{border-color:var(--line)}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--muted);font-size:.8125rem}
@media screen and (max-width:44rem){main{padding:1rem .9rem 2.5rem}h1{font-size:1.5rem}.cause h2{font-size:1.2rem}.card{padding:1rem 1rem}\
.do{margin-inline:-.35rem;padding:.85rem .8rem .4rem}
.wide{display:none!important}.narrow{display:block!important}.drawing{padding:.5rem}
.columns{grid-template-columns:minmax(0,1fr)}.hop .facts{margin-left:0}.facts,.hop .facts{grid-template-columns:6rem minmax(0,1fr);column-gap:.6rem}\
.facts dt{overflow-wrap:anywhere}.hop .where{flex:1 1 70%}.hop .where code{word-break:break-all}.hop .status{flex:0 0 auto;margin-left:2.3rem}\
.hop .what{flex:0 1 auto;text-align:left}td .thumbprint{white-space:normal}th[scope=row]{min-width:0}
table.stack,table.stack tbody,table.stack tr,table.stack td,table.stack th[scope=row]{display:block;border:0;padding:0}
table.stack{background:none}table.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.stack tr{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem;margin:.5rem 0}
table.stack td{margin-top:.15rem}table.stack td[data-label]::before{content:attr(data-label) ": ";color:var(--muted)}}
@page{margin:14mm 13mm}
@media print{:root{color-scheme:light;--page:#fff}html{font-size:12.5px}body{font-size:1rem}td .thumbprint{font-size:.66rem}h3+p,.stages{break-after:avoid}\
.stages{break-inside:avoid}main{max-width:none;padding:0}.jump,.screen-only{display:none}h2{margin-top:1.6rem}
h2,h3,h4{break-after:avoid}.route,.hop,.steps>li,tr,.screens figure,.legend,.columns>*{break-inside:avoid}.drawing{break-inside:avoid}a{color:inherit}
.show-address::after{content:" (" attr(href) ")";font-size:.85em;overflow-wrap:anywhere}}
`;
