/** What a comparison adds to the report's style sheet. */
export const comparisonStyle = `
.decision{background:var(--soft);border:1px solid var(--line);border-left:8px solid var(--tone);border-radius:10px;padding:1rem 1.4rem 1.1rem;margin:0 0 1.5rem}
.decision .word{font-weight:750;font-size:1.25rem;color:var(--tone);letter-spacing:.02em}.decision .first{display:flex;flex-wrap:wrap;align-items:center;\
gap:.3rem 1rem}
.decision h1{font-size:1.5rem;margin:.35rem 0 .5rem}.decision p{margin:.2rem 0}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.75rem}
.sides h2{font-size:1.0625rem;margin:1rem 0 .4rem}.sides .head{border-bottom:1px solid var(--line);padding-bottom:.35rem}.sides .head p{margin:0}
.health{background:var(--soft);border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:8px;padding:.6rem .9rem;height:100%}\
.health p{margin:.15rem 0}
.difference{background:var(--card);border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:8px;padding:.8rem 1.1rem .7rem;margin:.75rem 0}
.difference h3{margin:0}.difference .place{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.1rem 0 .6rem;font-size:.8125rem;color:var(--muted);max-width:none}
.value{background:var(--inset);border-radius:6px;padding:.45rem .7rem .5rem;min-width:0}.value p{margin:0;max-width:none}.value .eyebrow{margin:0 0 .15rem;\
font-size:.6875rem}
.value mark{background:var(--mark);color:var(--text);border-radius:3px;padding:.05em .1em;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.value.before mark{--mark:var(--line)}
.value.after mark{--mark:var(--soft);text-decoration:underline;text-decoration-color:var(--tone);text-underline-offset:.2em}
.folds .difference{background:var(--inset)}.folds .value{background:var(--card)}
.times{margin:.5rem 0 0}.times .row{display:grid;grid-template-columns:4rem minmax(0,1fr) 17rem;gap:.75rem;align-items:center;font-size:.8125rem;margin:.2rem 0}
.times .scale{position:relative;height:12px;background:var(--inset);border-radius:3px}
.times .range{position:absolute;top:4px;height:4px;border-radius:2px;background:var(--bar-5);-webkit-print-color-adjust:exact;print-color-adjust:exact}
.times .middle{position:absolute;top:0;width:3px;height:12px;margin-left:-1px;background:var(--bar);-webkit-print-color-adjust:exact;print-color-adjust:exact}
@media screen and (max-width:44rem){.decision .word{font-weight:750;font-size:1.25rem;color:var(--tone);letter-spacing:.02em}\
.decision .first{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem 1rem}
.decision h1{font-size:1.25rem}.difference .pair{grid-template-columns:minmax(0,1fr);gap:.4rem}.health{padding:.5rem .6rem}\
.times .row{grid-template-columns:4rem minmax(0,1fr)}.times .row .figures{grid-column:2}}
@media print{.difference,.health,.decision{break-inside:avoid}}
`;
