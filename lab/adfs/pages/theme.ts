/** The look of the pages, drawn for the lab after the default theme of AD FS 2016: coloured panel left, white work area right, blue button. */
export const styleSheet = `
* { margin: 0; padding: 0; box-sizing: border-box; }
html, body { height: 100%; font: 15px/1.35 "Segoe UI", "Segoe UI Web", Selawik, "Open Sans", Arial, sans-serif; color: #262626; background: #fff; }
#noScript { position: fixed; inset: 0; z-index: 9; background: #fff; padding: 60px; }
#fullPage { display: flex; height: 100%; min-height: 560px; }
#brandingWrapper { flex: 1; background: #2672ec; overflow: hidden; }
#branding { height: 100%; background: url(/adfs/portal/illustration/illustration.svg) center / cover no-repeat; }
#contentWrapper { flex: 0 0 500px; display: flex; flex-direction: column; background: #fff; }
#content { flex: 1; padding: 150px 50px 0 70px; }
#header { font-size: 30px; font-weight: 300; line-height: 1.2; margin-bottom: 44px; overflow-wrap: break-word; }
.groupMargin { margin-bottom: 22px; } .fieldMargin { margin-bottom: 8px; } .smallText { font-size: 13px; } .bigText { font-size: 22px; font-weight: 300; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.text { width: 100%; max-width: 342px; height: 30px; padding: 3px 8px; border: 1px solid #bababa; font: inherit; background: #fff; color: inherit; }
.text:focus { outline: 0; border-color: #2672ec; }
.text::placeholder { color: #959595; }
#passwordArea, #kmsiArea { margin-top: 8px; }
.error { color: #c85305; } #error { max-width: 342px; } #error:empty { display: none; }
#submissionArea { margin: 22px 0 30px; }
span.submit { display: inline-block; min-width: 80px; padding: 6px 16px 7px; text-align: center; color: #fff; background: #2672ec; cursor: pointer; \
user-select: none; }
span.submit:hover { background: #3b85f5; } span.submit:focus { outline: 1px dotted #262626; outline-offset: 1px; }
a { color: #2672ec; text-decoration: none; } a:hover { text-decoration: underline; }
#errorDetails { list-style: none; margin-top: 10px; font-size: 13px; color: #505050; } #errorDetails li { margin-bottom: 3px; overflow-wrap: anywhere; }
#footer { padding: 0 50px 22px 70px; font-size: 12px; color: #696969; }
iframe { display: none; }
@media (max-width: 800px) { #brandingWrapper { display: none; } #contentWrapper { flex: 1; } #content { padding: 60px 24px 0; } #footer { padding: \
0 24px 16px; } }
`;

/** The panel's picture. */
export const illustration = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1420 1080" preserveAspectRatio="xMidYMid slice">
<defs><linearGradient id="a" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#5fb4f0"/><stop offset="1" stop-color="#1b4fb3"/></linearGradient></defs>
<rect width="1420" height="1080" fill="url(#a)"/>
<g fill="#fff"><path opacity=".07" d="M0 780 520 260l300 300L340 1080H0z"/><path opacity=".06" d="M420 1080 1180 320l240 240v520z"/>\
<path opacity=".08" d="M900 0h520v420L1190 650 720 180z"/><path opacity=".05" d="M0 0h420L0 420z"/></g>
<g fill="none" stroke="#fff" stroke-opacity=".22" stroke-width="2"><path d="M-20 900 560 320l300 300L1440 40"/><path d="m-20 640 320-320 420 420 700-700"/></g>
</svg>`;
