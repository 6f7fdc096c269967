import { displayAmount } from '../core/currencies.ts';
import type { CheckoutSession, LineItem, Product, ShippingRate } from '../core/objects.ts';
import { TEST_BANKS, TEST_CARDS } from '../resources/payment-methods.ts';
import { html, type Html } from './html.ts';
import { PAGE_STYLE } from './page-style.ts';

export interface CheckoutView {
  session: CheckoutSession;
  lines: { item: LineItem; product: Product | undefined }[];
  rates: ShippingRate[];
  shopName: string;
  /** What was typed before, shown again after a decline. */
  typed: { email: string; name: string; card: string };
  error: string | null;
}

/** The page a buyer pays on. It works without scripts; every choice is a plain form field. */
export function checkoutPage(view: CheckoutView): string {
  const { session, shopName } = view;
  const due = displayAmount(session.amount_total, session.currency);
  return page(
    `Pay ${shopName}`,
    html`<main class="checkout">
      <section class="summary" aria-label="Order summary">
        <header>
          ${
            session.cancel_url === null
              ? null
              : html`<form method="post">
                  <button class="back" name="action" value="back" formnovalidate aria-label="Back to ${shopName}">
                    ←
                  </button>
                </form>`
          }
          <span class="shop">${shopName}</span><span class="badge">TEST MODE</span>
        </header>
        <p class="muted">Pay ${shopName}</p>
        <p class="due" data-testid="total">${due}</p>
        ${orderLines(view)}
      </section>
      <section class="pay" aria-label="Payment">
        ${view.error === null ? null : html`<p class="error" role="alert">${view.error}</p>`}
        <form method="post" autocomplete="off">
          ${contactFields(view)} ${shippingFields(view)}
          ${
            session.amount_total === 0
              ? html`<p class="muted">Nothing is due; no payment details are needed.</p>`
              : methodFields(view)
          }
          <button class="primary" name="action" value="pay" data-testid="pay">
            ${session.amount_total === 0 ? 'Complete order' : `Pay ${due}`}
          </button>
        </form>
        ${
          session.cancel_url === null
            ? null
            : html`<form method="post">
                <button class="secondary" name="action" value="back" data-testid="back">Back to ${shopName}</button>
              </form>`
        }
        <p class="fine">A local stand-in for Stripe Checkout. No money moves; don't enter real card numbers.</p>
      </section>
    </main>`,
  );
}

/** What is shown for a session that can't be paid (any more). */
export function statusPage(view: CheckoutView, successUrl: string): string {
  const { session, shopName } = view;
  if (session.status === 'expired') {
    return message(
      'This checkout has expired',
      html`<p>Go back to ${shopName} and start the payment again.</p>
        ${session.cancel_url === null ? null : html`<a class="primary" href="${session.cancel_url}">Back to ${shopName}</a>`}`,
    );
  }
  const back = html`<a class="secondary" href="${successUrl}">Return to ${shopName}</a>`;
  if (session.payment_status === 'unpaid') {
    return message(
      'Your bank is working on it',
      html`<p>
          The debit of ${displayAmount(session.amount_total, session.currency)} is in processing. At a real bank this
          takes days; here you decide.
        </p>
        <form method="post">
          <button class="primary" name="action" value="async_succeed" data-testid="async-succeed">The bank pays</button>
          <button class="secondary" name="action" value="async_fail" data-testid="async-fail">The bank refuses</button>
        </form>
        ${back}`,
    );
  }
  return message(
    'Payment complete',
    html`<p>${shopName} has received ${displayAmount(session.amount_total, session.currency)}. Thank you!</p>
      ${back}`,
  );
}

export function notFoundPage(): string {
  return message('Nothing to pay here', html`<p>This checkout page does not exist.</p>`);
}

function message(title: string, body: Html): string {
  return page(
    title,
    html`<main class="message">
      <h1>${title}</h1>
      ${body}
    </main>`,
  );
}

function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${{ html: PAGE_STYLE }}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`.html;
}

function orderLines(view: CheckoutView): Html {
  const { session } = view;
  const money = (amount: number): string => displayAmount(amount, session.currency);
  const row = (label: string, value: string, kind = ''): Html =>
    html`<div class="row ${kind}"><span>${label}</span><span>${value}</span></div>`;
  const shipping = view.rates.find((rate) => rate.id === session.shipping_cost?.shipping_rate);
  return html`<ul class="lines">
      ${view.lines.map(({ item, product }) => {
        const image = product?.images.find((url) => /^https?:\/\//.test(url));
        return html`<li>
          ${image === undefined ? html`<span class="thumb" aria-hidden="true"></span>` : html`<img class="thumb" src="${image}" alt="" />`}
          <div class="what">
            <strong>${item.description}</strong>
            <span class="muted"
              >${product?.description ?? null} Qty
              ${item.quantity}${item.quantity > 1 ? ` × ${money(item.price.unit_amount)}` : ''}</span
            >
          </div>
          <span>${money(item.amount_subtotal)}</span>
        </li>`;
      })}
    </ul>
    ${row('Subtotal', money(session.amount_subtotal))}
    ${session.total_details.amount_discount > 0 ? row('Discount', `−${money(session.total_details.amount_discount)}`) : null}
    ${shipping ? row(`Shipping (${shipping.display_name})`, money(session.total_details.amount_shipping)) : null}
    ${row('Total due', money(session.amount_total), 'total')}`;
}

function contactFields(view: CheckoutView): Html {
  const { session, typed } = view;
  return html`<h2>Contact</h2>
    <label
      >E-mail
      ${
        session.customer_email === null
          ? html`<input type="email" name="email" value="${typed.email}" required placeholder="you@example.com" />`
          : html`<input type="email" name="email" value="${session.customer_email}" readonly />`
      }
    </label>`;
}

function shippingFields(view: CheckoutView): Html | null {
  const { session, rates } = view;
  if (rates.length < 2) return null;
  return html`<fieldset>
    <legend>Shipping</legend>
    ${rates.map((rate) => {
      const checked = rate.id === session.shipping_cost?.shipping_rate ? 'checked' : '';
      return html`<label class="choice"
        ><input type="radio" name="shipping_rate" value="${rate.id}" ${checked} /> <span>${rate.display_name}</span
        ><span>${displayAmount(rate.fixed_amount.amount, session.currency)}</span></label
      >`;
    })}
  </fieldset>`;
}

function methodFields(view: CheckoutView): Html {
  const { typed } = view;
  return html`<h2>Payment</h2>
    <div class="methods">
      <label class="choice"><input type="radio" name="method" value="card" checked /> <span>Card</span></label>
      <div class="panel card">
        <label
          >Card number
          <input
            name="card"
            inputmode="numeric"
            value="${typed.card}"
            placeholder="4242 4242 4242 4242"
            data-testid="card"
          />
        </label>
        <div class="two">
          <label>Expiry <input name="expiry" value="12 / 34" placeholder="MM / YY" /></label>
          <label>CVC <input name="cvc" value="123" inputmode="numeric" placeholder="CVC" /></label>
        </div>
        <label>Name on card <input name="name" value="${typed.name}" placeholder="Full name" /></label>
        <details>
          <summary>Test cards</summary>
          <ul class="hints">
            ${TEST_CARDS.map((card) => html`<li><code>${grouped(card.number)}</code> ${card.says}</li>`)}
          </ul>
        </details>
      </div>
      <label class="choice"
        ><input type="radio" name="method" value="bank" data-testid="bank" />
        <span>Bank debit (takes time)</span></label
      >
      <div class="panel bank">
        ${TEST_BANKS.map(
          (bank, index) =>
            html`<label class="choice small">
              <input type="radio" name="bank" value="${bank.id}" ${index === 0 ? 'checked' : ''} />
              <span>Account ending ${bank.last4}: ${bank.says}</span>
            </label>`,
        )}
      </div>
    </div>`;
}

function grouped(number: string): string {
  return number.replaceAll(/(\d{4})(?=\d)/g, '$1 ');
}
