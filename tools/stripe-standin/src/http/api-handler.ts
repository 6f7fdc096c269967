import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../core/api-error.ts';
import { API_VERSION, type Context } from '../core/context.ts';
import { decodeForm } from '../core/form-encoding.ts';
import { randomId } from '../core/ids.ts';
import { matchRoute, type Route } from '../core/route.ts';
import { balanceRoutes, eventRoutes } from '../resources/account.ts';
import { sessionRoutes } from '../resources/checkout-sessions.ts';
import { discountRoutes } from '../resources/coupons.ts';
import { customerRoutes } from '../resources/customers.ts';
import { chargeRoutes, paymentIntentRoutes } from '../resources/payment-intents.ts';
import { productRoutes } from '../resources/products.ts';
import { disputeRoutes } from '../resources/disputes.ts';
import { refundRoutes } from '../resources/refunds.ts';
import { expandObject, expandPaths } from './expand.ts';
import type { Fault, Faults } from './faults.ts';
import { fingerprintOf, type Idempotency } from './idempotency.ts';
import { readBody, sendJson } from './messages.ts';

const ROUTES: readonly Route[] = [
  ...sessionRoutes,
  ...customerRoutes,
  ...productRoutes,
  ...discountRoutes,
  ...paymentIntentRoutes,
  ...chargeRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...eventRoutes,
  ...balanceRoutes,
];

interface Answer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/** Answers `/v1/*`: authentication, parameters, idempotency, the effect in one transaction, ordered faults. */
export function createApiHandler(options: {
  context: Context;
  secretKey: string;
  idempotency: Idempotency;
  faults: Faults;
  onChange: () => void;
}) {
  const { context, secretKey, idempotency, faults, onChange } = options;

  return async function handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const method = request.method ?? 'GET';
    const requestId = randomId('req', 14);
    const body = await readBody(request);
    const fault = faults.take(method, url.pathname);
    if (fault?.when === 'before' && !(await survives(fault, response, requestId))) return;
    const key = method === 'POST' ? headerOf(request, 'idempotency-key') : null;
    const answer = await answerOf({ request, method, url, body, requestId, key, fault });
    if (fault?.when === 'after' && !(await survives(fault, response, requestId))) return;
    sendJson(response, answer.status, answer.body, {
      'request-id': requestId,
      'stripe-version': API_VERSION,
      ...(key === null ? {} : { 'idempotency-key': key }),
      ...answer.headers,
    });
  };

  async function answerOf(call: {
    request: IncomingMessage;
    method: string;
    url: URL;
    body: string;
    requestId: string;
    key: string | null;
    fault: Fault | null;
  }): Promise<Answer> {
    const { request, method, url, body, requestId, key } = call;
    let started = false;
    try {
      authenticate(headerOf(request, 'authorization'), secretKey);
      const found = matchRoute(ROUTES, method, url.pathname);
      if (!found) throw unrecognised(method, url.pathname);
      const tree = decodeForm(method === 'POST' ? body : url.search.slice(1));
      if (key === null) {
        if (call.fault) await hesitate(call.fault);
        const run = found.route.prepare(tree);
        const effect = () => run(context, { requestId, idempotencyKey: null }, found.path);
        return perform(effect, { expand: expandPaths(tree), keep: null, fault: call.fault });
      }
      if (key.length > 255)
        throw new ApiError(400, 'idempotency_error', 'Idempotency keys can be at most 255 characters.', {}, false);
      const fingerprint = fingerprintOf(method, url.pathname, tree);
      const kept = idempotency.begin(key, fingerprint);
      if (kept) {
        const headers = { 'idempotent-replayed': 'true', 'original-request': kept.requestId };
        return { status: kept.status, body: kept.body, headers };
      }
      started = true;
      // While a slow request is at work, its key is in use.
      if (call.fault) await hesitate(call.fault);
      const run = found.route.prepare(tree);
      const origin = { requestId, idempotencyKey: key };
      const keep = { key, fingerprint, requestId };
      return perform(() => run(context, origin, found.path), { expand: expandPaths(tree), keep, fault: call.fault });
    } catch (error) {
      return errorAnswer(error);
    } finally {
      if (started && key !== null) idempotency.end(key);
    }
  }

  /** Runs the endpoint; its effects and the kept answer are written together or not at all. */
  function perform(
    run: () => object,
    how: {
      expand: string[];
      keep: { key: string; fingerprint: string; requestId: string } | null;
      fault: Fault | null;
    },
  ): Answer {
    const { expand, keep, fault } = how;
    const store = (answer: Answer): Answer => {
      if (keep) idempotency.keep(keep.key, { ...keep, status: answer.status, body: answer.body });
      return answer;
    };
    try {
      const answer = context.store.transaction(() => {
        if (fault?.kind === 'kept_500') {
          if (fault.when === 'after') run();
          return store({ ...failure(), headers: { 'stripe-should-retry': 'false' } });
        }
        const result = run();
        if (result instanceof ApiError) return store(errorAnswer(result));
        return store({ status: 200, body: JSON.stringify(expandObject(context, result, expand)), headers: {} });
      });
      onChange();
      return answer;
    } catch (error) {
      if (!(error instanceof ApiError) || !error.replayable) throw error;
      return context.store.transaction(() => store(errorAnswer(error)));
    }
  }
}

function errorAnswer(error: unknown): Answer {
  if (error instanceof ApiError) return { status: error.status, body: JSON.stringify(error.toBody()), headers: {} };
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return failure('An unknown error occurred in the stand-in.');
}

function failure(message = 'Something went wrong on our end.'): Answer {
  return { status: 500, body: JSON.stringify({ error: { type: 'api_error', message } }), headers: {} };
}

/** @returns whether the request goes on after the fault */
async function survives(fault: Fault, response: ServerResponse, requestId: string): Promise<boolean> {
  switch (fault.kind) {
    case 'disconnect':
      response.destroy();
      return false;
    case 'hang':
      return false;
    case 'http_500':
      sendJson(response, 500, failure().body, { 'request-id': requestId });
      return false;
    case 'kept_500':
      return true;
    case 'http_429':
      sendJson(
        response,
        429,
        {
          error: {
            type: 'invalid_request_error',
            code: 'rate_limit',
            message: 'Too many requests hit the API too quickly.',
          },
        },
        { 'request-id': requestId },
      );
      return false;
    case 'delay':
      if (fault.when === 'after') await pause(fault.delayMs);
      return true;
  }
}

async function hesitate(fault: Fault): Promise<void> {
  if (fault.kind === 'delay' && fault.when === 'before') await pause(fault.delayMs);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

function authenticate(header: string | null, secretKey: string): void {
  const given = header === null ? '' : credentialOf(header);
  if (given === '') {
    throw new ApiError(
      401,
      'invalid_request_error',
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
      {},
      false,
    );
  }
  if (given !== secretKey) {
    const shown = `${given.slice(0, 7)}${'*'.repeat(Math.max(0, given.length - 11))}${given.slice(-4)}`;
    throw new ApiError(
      401,
      'invalid_request_error',
      `Invalid API Key provided: ${shown}`,
      { code: 'api_key_invalid' },
      false,
    );
  }
}

function credentialOf(header: string): string {
  const [scheme = '', value = ''] = header.split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  return Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0] ?? '';
}

function unrecognised(method: string, pathname: string): ApiError {
  return new ApiError(404, 'invalid_request_error', `Unrecognized request URL (${method}: ${pathname}).`, {}, false);
}
