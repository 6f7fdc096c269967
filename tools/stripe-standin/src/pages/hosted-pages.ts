import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../core/context.ts';
import type { CheckoutSession } from '../core/objects.ts';
import { readBody, redirect, sendHtml, sendJson } from '../http/messages.ts';
import { paySession, settlePayment } from '../resources/checkout-payment.ts';
import { findSession } from '../resources/checkout-sessions.ts';
import { bankMethod, cardMethod } from '../resources/payment-methods.ts';
import { checkoutPage, notFoundPage, statusPage, type CheckoutView } from './checkout-page.ts';

/** Serves `/c/pay/:id`: the form, and what its buttons do. A caller that accepts JSON gets the outcome as JSON. */
export function createHostedPages(options: { context: Context; onChange: () => void }) {
  const { context, onChange } = options;

  return async function handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const id = url.pathname.slice('/c/pay/'.length);
    if (!context.store.get('sessions', id)) {
      sendHtml(response, 404, notFoundPage());
      return;
    }
    const session = findSession(context, id);
    if (request.method !== 'POST') {
      const view = viewOf(session, { email: '', name: '', card: '' }, null);
      const page = session.status === 'open' ? checkoutPage(view) : statusPage(view, successUrlOf(session));
      sendHtml(response, 200, page);
      return;
    }
    const form = new URLSearchParams(await readBody(request));
    act(id, form, response, request.headers.accept === 'application/json');
    onChange();
  };

  function act(id: string, form: URLSearchParams, response: ServerResponse, json: boolean): void {
    const action = form.get('action') ?? 'pay';
    if (action === 'async_succeed' || action === 'async_fail') {
      settlePayment(context, id, action === 'async_succeed' ? 'succeeded' : 'failed');
      finish(response, json, action === 'async_succeed' ? 'paid' : 'failed', successUrlOf(findSession(context, id)));
      return;
    }
    const session = findSession(context, id);
    if (action === 'back' && session.cancel_url !== null) {
      finish(response, json, 'canceled', session.cancel_url.replaceAll('{CHECKOUT_SESSION_ID}', id));
      return;
    }
    const typed = { email: form.get('email') ?? '', name: form.get('name') ?? '', card: form.get('card') ?? '' };
    const bank = form.get('method') === 'bank';
    const result = paySession(context, id, {
      method: bank ? bankMethod(form.get('bank') ?? '') : cardMethod(typed.card.trim() || '4242424242424242'),
      email: typed.email,
      name: typed.name,
      shippingRate: form.get('shipping_rate'),
    });
    switch (result.outcome) {
      case 'paid':
      case 'processing':
        finish(response, json, result.outcome, successUrlOf(result.session));
        return;
      case 'declined':
        if (json) sendJson(response, 402, { outcome: 'declined', message: result.message, code: result.code });
        else sendHtml(response, 402, checkoutPage(viewOf(findSession(context, id), typed, result.message)));
        return;
      case 'not_open': {
        const { session: current } = result;
        if (json) sendJson(response, 409, { outcome: current.status });
        // Pressing Pay twice ends where pressing it once does.
        else if (current.status === 'complete') redirect(response, successUrlOf(current));
        else sendHtml(response, 410, statusPage(viewOf(current, typed, null), successUrlOf(current)));
      }
    }
  }

  function viewOf(session: CheckoutSession, typed: CheckoutView['typed'], error: string | null): CheckoutView {
    const { store } = context;
    return {
      session,
      lines: (store.get('lineItems', session.id) ?? []).map((item) => ({
        item,
        product: store.get('products', item.price.product),
      })),
      rates: session.shipping_options.flatMap((option) => store.get('shippingRates', option.shipping_rate) ?? []),
      shopName: store.get('sessionSettings', session.id)?.shopName ?? context.shopName,
      typed,
      error,
    };
  }
}

function finish(response: ServerResponse, json: boolean, outcome: string, location: string): void {
  if (json) sendJson(response, 200, { outcome, redirectUrl: location });
  else redirect(response, location);
}

function successUrlOf(session: CheckoutSession): string {
  return session.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id);
}
