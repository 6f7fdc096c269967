import type { StoredMessage } from './message-store.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1a1f36; --muted: #697386; --line: #e3e8ee; --paper: #fff; --side: #f6f8fa; --accent: #3b5bdb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ecf5; --muted: #9aa4b8; --line: #2c3347; --paper: #161a26; --side: #10131c; --accent: #748ffc; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--side); }
main { max-width: 880px; margin: 0 auto; padding: 32px 20px; }
header { display: flex; gap: 16px; align-items: center; flex-wrap: wrap; margin-bottom: 20px; }
h1 { font-size: 22px; margin: 0; flex: 1; }
h1 a { color: inherit; text-decoration: none; }
input, button { font: inherit; padding: 8px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); color: var(--ink); }
button { cursor: pointer; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.mail { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 16px; padding: 14px 18px; border-top: 1px solid var(--line); color: inherit; text-decoration: none; }
.mail:first-child { border-top: 0; }
.mail:hover { background: var(--side); }
.mail strong, .mail span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.muted { color: var(--muted); font-size: 13px; }
.empty { padding: 48px; text-align: center; color: var(--muted); }
dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin: 0; padding: 18px; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.tabs { display: flex; flex-wrap: wrap; border-top: 1px solid var(--line); }
.tabs input { position: absolute; opacity: 0; }
.tabs label { padding: 10px 18px; cursor: pointer; color: var(--muted); }
.tabs input:checked + label { color: var(--accent); box-shadow: inset 0 -2px var(--accent); }
.tabs input:focus-visible + label { outline: 2px solid var(--accent); outline-offset: -2px; }
.panel { display: none; order: 9; width: 100%; border-top: 1px solid var(--line); }
.tabs input:checked + label + .panel { display: block; }
pre { margin: 0; padding: 18px; white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.6 ui-monospace, monospace; }
iframe { width: 100%; height: 70vh; border: 0; background: #fff; display: block; }
`;

/** The list of mails, newest first. It reloads itself every few seconds. */
export function listPage(messages: StoredMessage[], to: string): string {
  const rows = messages.map(
    (message) => `<a class="mail" href="/messages/${escape(message.id)}">
      <strong>${escape(message.subject || '(no subject)')}</strong><span class="muted">${time(message.receivedAt)}</span>
      <span class="muted">to ${escape(message.to.join(', '))} · from ${escape(message.from)}</span></a>`,
  );
  const body = `<header><h1>Mailbox</h1>
    <form><input type="search" name="to" value="${escape(to)}" placeholder="Recipient" aria-label="Recipient" /></form>
    <form method="post" action="/delete-all"><button>Delete all</button></form></header>
    <div class="card">${rows.join('') || '<p class="empty">No mail yet. What the shop sends arrives here.</p>'}</div>`;
  return page(`Mailbox (${messages.length})`, body, '<meta http-equiv="refresh" content="5">');
}

/** What the HTML of a mail may do: open its links in tabs of their own. No scripts, no forms, no origin. */
export const FRAME_SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

/** The HTML of a mail as its frame shows it: a link must not replace the mail by a page that no frame may show. */
export function framedHtml(html: string): string {
  const base = '<base target="_blank">';
  const head = /<head(?:\s[^>]*)?>/i.exec(html);
  // After the doctype, which has to come first.
  const at = head ? head.index + head[0].length : (/^\s*<!doctype[^>]*>/i.exec(html)?.[0].length ?? 0);
  return html.slice(0, at) + base + html.slice(at);
}

/** One mail, as text or as HTML in a frame that runs no scripts. */
export function messagePage(message: StoredMessage): string {
  const frame = `<input type="radio" name="tab" id="html" checked /><label for="html">HTML</label>
    <div class="panel"><iframe sandbox="${FRAME_SANDBOX}" title="HTML part" src="/messages/${escape(message.id)}/html"></iframe></div>`;
  const body = `<header><h1><a href="/">← Mailbox</a></h1></header>
    <article class="card"><dl>
      <dt>Subject</dt><dd>${escape(message.subject)}</dd><dt>To</dt><dd>${escape(message.to.join(', '))}</dd>
      <dt>From</dt><dd>${escape(message.from)}</dd><dt>Received</dt><dd>${time(message.receivedAt)}</dd></dl>
      <div class="tabs">${message.html === null ? '' : frame}
        <input type="radio" name="tab" id="text" ${message.html === null ? 'checked' : ''} /><label for="text">Text</label>
        <div class="panel"><pre>${escape(message.text)}</pre></div>
      </div></article>`;
  return page(message.subject, body);
}

export function notFoundPage(): string {
  return page(
    'Not found',
    '<header><h1><a href="/">← Mailbox</a></h1></header><div class="card"><p class="empty">There is no such mail.</p></div>',
  );
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${head}<title>${escape(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
}

function time(iso: string): string {
  return `<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
