import { formatMoney } from '@cartwright/domain-money';
import type { Order } from './order.ts';

/** The mail that thanks for a payment. One per order: a repeated send carries the same key. */
export function paidMail(order: Order, shop: { name: string; webUrl: string; locale: string }) {
  const link = new URL(`/orders/${encodeURIComponent(order.id)}`, shop.webUrl).href;
  const money = (amount: { amount: number; currency: string }) => formatMoney(amount, shop.locale);
  const totals = new Map(order.pricing.lines.map((line) => [line.lineId, line.total]));
  const rows = order.lines.map((line) => {
    const total = totals.get(line.lineId);
    return { title: `${line.quantity} × ${line.product.title}`, total: total ? money(total) : '' };
  });
  const greeting = `Thank you for your order ${order.number}. We have received your payment of ${money(order.total)}.`;
  return {
    to: order.email,
    subject: `${shop.name}: order ${order.number} is paid`,
    text: [
      greeting,
      '',
      ...rows.map((row) => `${row.title}  ${row.total}`),
      '',
      `Your order: ${link}`,
      '',
      shop.name,
    ].join('\n'),
    html: [
      `<p>${escapeHtml(greeting)}</p>`,
      `<table>${rows.map((row) => `<tr><td>${escapeHtml(row.title)}</td><td>${escapeHtml(row.total)}</td></tr>`).join('')}</table>`,
      `<p><a href="${escapeHtml(link)}">Your order</a></p>`,
      `<p>${escapeHtml(shop.name)}</p>`,
    ].join('\n'),
    messageKey: `order-paid-${order.id}`,
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
