import { describe, expect, it } from 'vitest';
import { paidMail } from './order-mail.ts';
import { buildOrder } from './orders.fixture.ts';

const shop = { name: 'Cartwright', webUrl: 'https://shop.test', locale: 'en-US' };

describe('paidMail', () => {
  it('tells what was paid, and always under one key', () => {
    const order = buildOrder();
    const mail = paidMail(order, shop);
    expect(mail).toMatchObject({ to: order.email, subject: `Cartwright: order ${order.number} is paid` });
    expect(mail.text).toContain('$28.59');
    expect(mail.text).toContain(`https://shop.test/orders/${order.id}`);
    expect(mail.messageKey).toBe(`order-paid-${order.id}`);
  });

  it('shows titles as text', () => {
    const order = buildOrder();
    const [line] = order.lines;
    if (!line) throw new Error('an order has lines');
    const product = { ...line.product, title: '<img src=x onerror="alert(1)">' };
    const mail = paidMail({ ...order, lines: [{ ...line, product }] }, shop);
    expect(mail.html).not.toContain('<img');
    expect(mail.html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
  });
});
