/**
 * The page's only script: keeps a page up to date. The server says that something changed; the page is fetched again as a whole, and what differs is
 * exchanged in place, so that focus, open parts and what is being typed stay. Without it the page loads itself again (layout.ts).
 */

/* Runs in the browser, as text: it may use nothing from outside of itself. */
function live(): void {
  if (!document.body.hasAttribute('data-live')) return;
  const status = document.getElementById('live-status');
  const announce = document.getElementById('announce');
  let paused = false;
  let source: EventSource | null = null;
  let timer: number | null = null;
  let busy = false;

  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  const say = (text: string): void => {
    if (!status) return;
    const shown = status.firstChild;
    if (shown instanceof Text) shown.data = ` ${text} `;
    else status.prepend(` ${text} `);
  };
  const tell = (): void => {
    button.textContent = paused ? 'Go on' : 'Pause updates';
    if (paused) say('Updates are paused.');
  };

  /** Makes `old` like `fresh` with as few changes as there are. */
  const exchange = (old: Element, fresh: Element): void => {
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) old.removeAttribute(name);
    for (const { name, value } of [...fresh.attributes])
      if (old.getAttribute(name) !== value && !(name === 'value' && old.matches('input:not([type=hidden])'))) old.setAttribute(name, value);
    const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
    after.forEach((node, index) => {
      const known = before[index];
      if (!known) old.append(node);
      else if (known instanceof Element && node instanceof Element && known.nodeName === node.nodeName && known.id === node.id) exchange(known, node);
      else if (known.nodeType === Node.TEXT_NODE && node.nodeType === Node.TEXT_NODE) {
        if (known.nodeValue !== node.nodeValue) known.nodeValue = node.nodeValue;
      } else known.replaceWith(node);
    });
    before.slice(after.length).forEach((node) => node.remove());
  };

  const offline = (why: string): void => {
    document.body.classList.add('offline');
    say(`${why} What you see is of ${document.getElementById('as-of')?.textContent ?? 'before'}.`);
    if (announce && announce.textContent !== why) announce.textContent = why;
  };

  const update = async (): Promise<void> => {
    timer = null;
    if (busy || paused || document.hidden) return;
    busy = true;
    try {
      const answer = await fetch(location.href, {
        headers: { 'x-live-update': '1' },
        credentials: 'same-origin',
        redirect: 'manual',
        signal: AbortSignal.timeout(20_000),
      });
      if (answer.type === 'opaqueredirect' || answer.status === 401) return location.reload();
      if (!answer.ok) return offline(`The page cannot be updated (${answer.status}).`);
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const headline = document.querySelector('[data-headline]')?.textContent;
      for (const selector of ['main', '#as-of', '#icon']) {
        const [old, now] = [document.querySelector(selector), fresh.querySelector(selector)];
        if (old && now) exchange(old, now);
      }
      document.title = fresh.title;
      document.body.classList.remove('offline');
      say('Live.');
      const news = document.querySelector('[data-headline]')?.textContent;
      if (announce && news !== undefined && news !== headline) announce.textContent = news;
    } catch {
      offline('The connection to watch is lost.');
    } finally {
      busy = false;
    }
  };
  const soon = (): void => {
    timer ??= window.setTimeout(() => void update(), 300);
  };

  const connect = (): void => {
    if (source || paused || document.hidden) return;
    source = new EventSource('/live');
    source.addEventListener('open', soon);
    source.addEventListener('change', soon);
    // EventSource tries again by itself, unless the server refused it: then this page asks later.
    source.addEventListener('error', () => {
      soon();
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      window.setTimeout(connect, 10_000);
    });
  };
  const disconnect = (): void => {
    source?.close();
    source = null;
  };

  // Browsers allow few connections to one server: a page nobody sees holds none.
  document.addEventListener('visibilitychange', () => (document.hidden ? disconnect() : connect()));
  window.addEventListener('pagehide', disconnect);
  window.addEventListener('pageshow', connect);
  button.addEventListener('click', () => {
    paused = !paused;
    if (paused) disconnect();
    else connect();
    tell();
  });
  status?.append(button);
  tell();
  say('Live.');
  // A wall that has heard nothing must not go on looking healthy.
  window.setInterval(() => {
    if (!paused && !document.hidden) soon();
  }, 30_000);
  connect();
}

export const liveScript = `'use strict';(${live.toString()})();\n`;
