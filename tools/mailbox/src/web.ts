import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FRAME_SANDBOX, framedHtml, listPage, messagePage, notFoundPage } from './html.ts';
import type { MessageStore } from './message-store.ts';

const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'";
/** Mails are strangers' HTML: they get an origin of their own, no scripts, and pictures only. */
const MAIL_POLICY = `sandbox ${FRAME_SANDBOX}; default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:`;

/** Serves the pages and the JSON API over the stored mails. */
export async function listenWeb(options: { host: string; port: number; store: MessageStore }) {
  const { host, port, store } = options;

  function handle(request: IncomingMessage, response: ServerResponse): void {
    // Not every path is one that a URL can have: `//`.
    const url = URL.parse(request.url ?? '/', 'http://mailbox') ?? new URL('http://mailbox/none');
    const to = url.searchParams.get('to') ?? '';
    const route = `${request.method ?? 'GET'} ${url.pathname}`;
    const [, , id = '', part] = url.pathname.replace('/api/messages/', '/messages/').split('/');

    if (route === 'GET /') return html(200, listPage(store.list({ to }), to));
    if (route === 'GET /health') return json(200, { status: 'ok' });
    if (route === 'GET /api/messages') return json(200, { messages: store.list({ to }) });
    if (route === 'DELETE /api/messages') {
      store.clear();
      return json(200, { deleted: true });
    }
    if (route === 'POST /delete-all') {
      store.clear();
      response.writeHead(303, { location: '/' }).end();
      return;
    }
    const message = store.get(id);
    if (route.startsWith('GET /api/messages/')) {
      return message ? json(200, message) : json(404, { error: 'There is no such message.' });
    }
    if (!route.startsWith('GET /messages/') || !message) return html(404, notFoundPage());
    if (part === undefined) return html(200, messagePage(message));
    if (part === 'html' && message.html !== null) return html(200, framedHtml(message.html), MAIL_POLICY);
    return html(404, notFoundPage());

    function html(status: number, body: string, policy = PAGE_POLICY): void {
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
      response.end(body);
    }

    function json(status: number, body: object): void {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    }
  }

  const server = createServer(handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host}:${address.port}`,
    async close(): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
