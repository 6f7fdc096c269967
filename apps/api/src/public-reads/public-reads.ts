import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { AnswerFacts, ProcedureMeta, RequestContext } from '@cartwright/api-core';
import type { Logger } from '@cartwright/platform-logger';
import type { AnyTRPCRouter } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { RequestHandler } from 'express';
import { createOriginHeaders } from '../cors.ts';
import { requestIdOf } from '../request-facts.ts';
import { responseMeta } from '../trpc-route.ts';
import type { Answer, Answers } from './answers.ts';

const URL_MAX = 4_000;
/** One call, its input and nothing else. */
const SINGLE_READ = /^\/trpc\/([A-Za-z]+(?:\.[A-Za-z]+)+)(?:\?input=[^&#]*)?$/;
/** Who sends one of these wants an answer of their own, or one of another form. */
const PERSONAL = [
  'authorization',
  'cookie',
  'x-cart-token',
  'x-order-token',
  'idempotency-key',
  'trpc-accept',
] as const;
/** Packing less than this saves nobody anything. */
const PACK_FROM_BYTES = 4 * 1024;
const TAKES_GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/;

type Next = () => void;

/**
 * Answers what everybody may read and gets alike, before anything else looks at the request: single GET queries of
 * procedures with `meta.cache`, without credentials. From bytes that are kept where there are some; else tRPC makes them, once
 * for all who ask. Everything else, and every refusal that others ran into, goes on to `next`.
 */
export function createPublicReads<R extends AnyTRPCRouter>({
  router,
  answers,
  createContext,
  allowedOrigins,
  secureHeaders,
  logger,
}: {
  router: R;
  answers: Answers;
  createContext: (request: IncomingMessage) => RequestContext;
  allowedOrigins: readonly string[];
  secureHeaders: RequestHandler;
  logger: Pick<Logger, 'error'>;
}) {
  const keptFor = keptMsByPath(router);
  const fixedHeaders = headersOf(secureHeaders);
  const originHeaders = createOriginHeaders(allowedOrigins);

  function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
    const { headers } = request;
    const tag = `W/"${answer.tag}"`;
    const common = {
      ...fixedHeaders,
      ...originHeaders(headers.origin),
      'X-Request-Id': requestIdOf(request),
      Vary: 'Origin, Accept-Encoding',
      // To be kept, and to be asked for again each time: prices change.
      'Cache-Control': 'public, no-cache',
      ETag: tag,
    };
    if (isKnown(headers['if-none-match'], answer.tag)) {
      response.writeHead(304, common).end();
      return;
    }
    const packs = answer.body.length >= PACK_FROM_BYTES && TAKES_GZIP.test(headers['accept-encoding'] ?? '');
    const body = packs ? (answer.packed ??= gzipSync(answer.body)) : answer.body;
    response
      .writeHead(200, {
        ...common,
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        ...(packs ? { 'Content-Encoding': 'gzip' } : {}),
      })
      .end(body);
  }

  async function make(request: IncomingMessage, response: ServerResponse, { url, keepMs, next }: Read): Promise<void> {
    let refusal: Response | undefined;
    const answer = await answers.make(url, async () => {
      let facts: AnswerFacts = {};
      const context: RequestContext = {
        ...createContext(request),
        answerHolds: (told) => {
          facts = told;
        },
      };
      const made = await fetchRequestHandler<R>({
        endpoint: '/trpc',
        req: new Request(`http://shop${url}`),
        router,
        createContext: () => context as never,
        responseMeta,
      });
      if (made.status !== 200) {
        refusal = made;
        return undefined;
      }
      const left = facts.until === undefined ? keepMs : Math.min(keepMs, facts.until.getTime() - Date.now());
      return { body: Buffer.from(await made.arrayBuffer()), productIds: facts.productIds, keepMs: left };
    });
    if (answer) return send(request, response, answer);
    // Whoever made it is told why there is none; the others have reasons of their own, and ids for the log.
    if (refusal) await sendRefusal(request, response, refusal);
    else next();
  }

  async function sendRefusal(request: IncomingMessage, response: ServerResponse, refusal: Response): Promise<void> {
    const retryAfter = refusal.headers.get('retry-after');
    const body = Buffer.from(await refusal.arrayBuffer());
    response
      .writeHead(refusal.status, {
        ...fixedHeaders,
        ...originHeaders(request.headers.origin),
        'X-Request-Id': requestIdOf(request),
        Vary: 'Origin',
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        ...(retryAfter === null ? {} : { 'Retry-After': retryAfter }),
      })
      .end(body);
  }

  return (request: IncomingMessage, response: ServerResponse, next: Next): void => {
    const { url = '', method, headers } = request;
    if (method !== 'GET' || url.length > URL_MAX || isPersonal(headers)) return next();
    const found = answers.find(url);
    if (found) return send(request, response, found);
    const keepMs = keptFor.get(SINGLE_READ.exec(url)?.[1] ?? '');
    if (keepMs === undefined) return next();
    // The id of the log is the one that the caller is told.
    request.headers['x-request-id'] = requestIdOf(request);
    make(request, response, { url, keepMs, next }).catch((error: unknown) => {
      logger.error({ err: error, requestId: requestIdOf(request) }, 'a public read failed');
      if (!response.headersSent) next();
    });
  };
}

interface Read {
  readonly url: string;
  readonly keepMs: number;
  readonly next: Next;
}

const isPersonal = (headers: IncomingHttpHeaders): boolean => PERSONAL.some((name) => headers[name] !== undefined);

/** Whether the client has it: any of its tags, or whatever there is. */
function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === `"${tag}"`);
}

/** The queries whose answers may be kept, and for how long. */
function keptMsByPath(router: AnyTRPCRouter): ReadonlyMap<string, number> {
  const procedures = Object.entries(
    router._def.procedures as Record<string, { _def: { type: string; meta?: ProcedureMeta } }>,
  );
  return new Map(
    procedures.flatMap(([path, { _def }]) =>
      _def.type === 'query' && _def.meta?.cache ? [[path, _def.meta.cache.keepMs] as const] : [],
    ),
  );
}

/** What a middleware that only sets headers sets. */
function headersOf(middleware: RequestHandler): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => void (headers[name] = value),
    removeHeader: () => undefined,
  };
  void middleware({} as never, response as never, () => undefined);
  return headers;
}
