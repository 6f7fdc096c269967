import type { Composition } from '@cartwright/composition';
import { presentable, presentableText } from '@cartwright/platform-queue';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { Router, type NextFunction, type Request, type Response } from 'express';

const BOARD_PATH = '/admin/queues';
const COOKIE = 'cartwright_board';
const RETRY_SECONDS = 5;
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** The board's page needs its own scripts and styles, and shows nothing of others. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface QueueBoardOptions {
  board: Composition['board'];
  /** Where browsers reach the API; cookies are for TLS alone when that is https. */
  publicUrl: string;
}

/** The dashboard of queues (Bull Board) at `/admin/queues`, for those whom `admin.jobs.openBoard` gave a ticket. */
export function createQueueBoardRoutes({ board, publicUrl }: QueueBoardOptions): Router {
  const routes = Router();
  routes.use(BOARD_PATH, protectPage);

  routes.get(`${BOARD_PATH}/enter`, async (request, response) => {
    const { ticket } = request.query;
    const visit = typeof ticket === 'string' ? await board.enter(ticket).catch(() => undefined) : null;
    if (visit === undefined) return refuseForNow(response);
    if (visit === null) return refuse(response);
    response.cookie(COOKIE, visit, {
      httpOnly: true,
      sameSite: 'strict',
      secure: publicUrl.startsWith('https:'),
      path: BOARD_PATH,
      maxAge: board.visitSeconds * 1_000,
    });
    // No redirect: coming from the storefront's site it would go on without the cookie. The page itself leads on.
    response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    response.type('html').send(`<!doctype html><meta http-equiv="refresh" content="0;url=${BOARD_PATH}/">`);
  });

  routes.use(BOARD_PATH, async (request, response, next) => {
    const visit = visitOf(request);
    const visitor = visit === undefined ? null : await board.visitor(visit).catch(() => undefined);
    if (visitor === undefined) return refuseForNow(response);
    if (visitor === null) return refuse(response);
    if (!SAFE_METHODS.has(request.method) && !isFromBoard(request, publicUrl)) {
      return void response.status(403).json({ error: 'Forbidden' });
    }
    next();
  });
  routes.use(BOARD_PATH, hidePersonalData, createBoard(board));
  return routes;
}

function createBoard(board: Composition['board']): Router {
  const adapter = new ExpressAdapter();
  adapter.setBasePath(BOARD_PATH);
  const queues = board.queues().map((queue) => {
    // Read only: it shows blurred payloads, and an edited one would be kept as it is shown. `admin.jobs` changes and logs.
    const adapted = new BullMQAdapter(queue, { readOnlyMode: true });
    adapted.setFormatter('data', (data: unknown) => presentable(data));
    return adapted;
  });
  createBullBoard({ queues, serverAdapter: adapter, options: { uiConfig: { boardTitle: 'Queues' } } });
  return adapter.getRouter() as Router;
}

function protectPage(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Content-Security-Policy', CONTENT_POLICY);
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cache-Control', 'no-store');
  next();
}

function refuse(response: Response): void {
  response.status(401).type('text').send('Open this page from the dashboard of the shop.');
}

/** Who visits can't be known while Redis is away. */
function refuseForNow(response: Response): void {
  response.setHeader('Retry-After', RETRY_SECONDS);
  response.status(503).type('text').send('Please try again in a moment.');
}

function visitOf({ headers }: Request): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=');
    if (name === COOKIE) return value;
  }
  return undefined;
}

/** Whether the board's own page sent this: another site may have the browser send a form, but not under this origin. */
function isFromBoard({ headers }: Request, publicUrl: string): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (origin === undefined || (site !== undefined && site !== 'same-origin')) return false;
  return origin === new URL(publicUrl).origin || (URL.canParse(origin) && new URL(origin).host === host);
}

/** Blurs mail addresses and credentials in what the board tells of jobs; payloads are seen to on their own. */
function hidePersonalData(_request: Request, response: Response, next: NextFunction): void {
  const json = response.json.bind(response);
  response.json = (body: unknown) => json(JSON.parse(JSON.stringify(body ?? null, presentableProperty)));
  next();
}

const TEXTS = new Set(['failedReason', 'stacktrace']);

function presentableProperty(key: string, value: unknown): unknown {
  if (!TEXTS.has(key)) return value;
  if (Array.isArray(value)) return value.map((line) => presentableText(String(line)));
  return typeof value === 'string' ? presentableText(value) : value;
}
