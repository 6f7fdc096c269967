import { userBanned, userRoleChanged, userTwoFactorChanged, userUnbanned } from '@cartwright/feature-accounts';
import {
  orderCanceled,
  orderDelivered,
  orderPaid,
  orderPaymentFailed,
  orderPlaced,
  orderRefunded,
  orderReturnAnswered,
  orderReturnRequested,
  orderShipped,
} from '@cartwright/feature-orders';
import { renderMail } from '@cartwright/platform-mail';
import type { DeliveredEvent, EventDefinition } from '@cartwright/platform-outbox';
import { describe, expect, it } from 'vitest';
import { notificationMails } from './create-notifications.ts';
import { NOTIFICATION_TYPES, notificationDataSchema, type NotificationType } from './notifications.contracts.ts';
import { orderFacts, orderLines, usd } from './notifications.fixture.ts';
import { notificationTypes } from './notification-types.ts';

const shop = { name: 'Cartwright', webUrl: 'https://shop.test', locale: 'en-US' };
const facts = orderFacts({ orderId: 'o1' });

function tell(type: NotificationType, event: EventDefinition, payload: unknown) {
  const delivered: DeliveredEvent = {
    ...{ id: 'e1', type: event.type, version: 1, aggregateId: 'o1', aggregateVersion: 4 },
    payload: event.payload.parse(payload),
    occurredAt: new Date(),
  };
  const told = notificationTypes[type].tell(delivered, shop);
  const { template, data } = told?.mail ?? {};
  const mail = template && renderMail(template.compose(template.data.parse(data), shop), shop);
  return { notice: told?.notice, mail, to: told?.mail?.to };
}

const cash = { ...facts, paymentMethod: 'cash_on_delivery', lines: orderLines };
const paid = { ...facts, lines: orderLines, paymentId: 'p1' };

const stories: [
  NotificationType,
  EventDefinition,
  unknown,
  { title: string; body: string; about: string; subject: string },
][] = [
  [
    'order.placed',
    orderPlaced,
    cash,
    {
      title: 'Order CW-00000001 is confirmed',
      body: 'You pay $25.91 when it is delivered.',
      about: 'o1',
      subject: 'Cartwright: order CW-00000001 is confirmed',
    },
  ],
  [
    'order.paid',
    orderPaid,
    paid,
    {
      title: 'Order CW-00000001 is paid',
      body: 'We have received your payment of $25.91.',
      about: 'o1',
      subject: 'Cartwright: order CW-00000001 is paid',
    },
  ],
  [
    'order.shipped',
    orderShipped,
    {
      ...facts,
      ...{ shipmentId: 's1', carrier: 'DHL', trackingNumber: 'JD01' },
      lines: [{ lineId: 'l1', title: 'Mug', quantity: 2 }],
    },
    {
      title: 'Order CW-00000001 is on its way',
      body: 'Sent with DHL, JD01.',
      about: 's1',
      subject: 'Cartwright: order CW-00000001 is on its way',
    },
  ],
  [
    'order.delivered',
    orderDelivered,
    facts,
    {
      title: 'Order CW-00000001 has arrived',
      body: 'We hope that you like it.',
      about: 'o1',
      subject: 'Cartwright: order CW-00000001 has arrived',
    },
  ],
  [
    'order.canceled',
    orderCanceled,
    { ...facts, reason: 'expired' },
    {
      title: 'Order CW-00000001 is canceled',
      body: 'It was not paid in time.',
      about: 'o1',
      subject: 'Cartwright: order CW-00000001 is canceled',
    },
  ],
  [
    'order.refunded',
    orderRefunded,
    { ...facts, refundId: 'r1', amount: usd(500) },
    {
      title: 'Money back for order CW-00000001',
      body: 'We have returned $5.00.',
      about: 'r1',
      subject: 'Cartwright: money back for order CW-00000001',
    },
  ],
  [
    'order.return_requested',
    orderReturnRequested,
    { ...facts, requestId: 'q1' },
    {
      title: 'You asked to return pieces of order CW-00000001',
      body: 'We answer soon. Please send nothing yet.',
      about: 'q1',
      subject: 'Cartwright: your return of order CW-00000001',
    },
  ],
  [
    'order.return_answered',
    orderReturnAnswered,
    { ...facts, requestId: 'q1', accepted: false, answer: 'It was worn' },
    {
      title: 'Your return of order CW-00000001',
      body: 'It was worn',
      about: 'q1',
      subject: 'Cartwright: your return of order CW-00000001 is declined',
    },
  ],
  [
    'payment.failed',
    orderPaymentFailed,
    facts,
    {
      title: 'The payment of order CW-00000001 failed',
      body: 'The order still stands, and you can pay it anew.',
      about: 'o1/4',
      subject: 'Cartwright: the payment of order CW-00000001 failed',
    },
  ],
];

const account = { userId: 'ada', email: 'ada@example.test' };
const ban = { ...account, banId: 'b1', reason: 'Fraud <b>\r\nBcc: x@y.z', from: new Date('2026-03-01T10:00:00Z') };

const TWO_FACTOR = 'account.two_factor_changed';

const accountStories: typeof stories = [
  [
    'account.banned',
    userBanned,
    { ...ban, until: new Date('2026-03-08T10:00:00Z') },
    {
      title: 'Your account was blocked',
      body: `Reason: ${ban.reason}`,
      about: 'b1',
      subject: 'Cartwright: your account is blocked',
    },
  ],
  [
    'account.unbanned',
    userUnbanned,
    { ...account, banId: 'b1', cause: 'ended' },
    {
      title: 'Your account is open again',
      body: 'You can order as before.',
      about: 'b1',
      subject: 'Cartwright: your account is open again',
    },
  ],
  [
    'account.role_changed',
    userRoleChanged,
    { ...account, from: 'customer', to: 'staff' },
    {
      title: 'Your role has changed',
      body: 'You are now a member of the staff.',
      about: 'ada/4',
      subject: 'Cartwright: your role has changed',
    },
  ],
];

describe('the types of notifications', () => {
  it.each(stories)('%s is told in the shop and by mail', (type, event, payload, { title, body, about, subject }) => {
    const { notice, mail, to } = tell(type, event, payload);
    expect(notice).toMatchObject({ userId: 'ada', about, title, body, link: '/orders/o1' });
    expect(notificationDataSchema.strict().parse(notice?.data)).toMatchObject({ orderId: 'o1' });
    expect(to).toBe('ada@example.test');
    expect(mail?.subject).toBe(subject);
    expect(mail?.text).toContain('https://shop.test/orders/o1');
    expect(mail?.html).toContain('href="https://shop.test/orders/o1"');
  });

  it.each(accountStories)('%s is told by mail too, whatever is preferred', (type, event, payload, expected) => {
    const { notice, mail, to } = tell(type, event, payload);
    const { title, body, about, subject } = expected;
    expect(notice).toMatchObject({ userId: 'ada', about, title, body });
    expect(notificationDataSchema.strict().parse(notice?.data)).toEqual({});
    expect(to).toBe('ada@example.test');
    expect(mail?.subject).toBe(subject);
    expect(mail?.html).not.toContain('<b>');
    const { channels } = notificationTypes[type];
    for (const policy of Object.values(channels)) expect(policy).toEqual({ default: true, switchable: false });
  });

  it.each(['enabled', 'disabled', 'codes_renewed', 'code_used'])(
    'account.two_factor_changed is stored each time, without a mail: accounts write it (%s)',
    (change) => {
      const { notice, mail } = tell(TWO_FACTOR, userTwoFactorChanged, { userId: 'ada', change });
      expect(notice).toMatchObject({ userId: 'ada', about: 'e1', link: '/account/security' });
      expect(notice?.body).toContain('If this was not you');
      expect(mail).toBeUndefined();
      expect(notificationTypes[TWO_FACTOR].channels).toEqual({ in_app: { default: true, switchable: false } });
    },
  );

  it('say until when an account is blocked', () => {
    const until = new Date('2026-03-08T10:00:00Z');
    expect(tell('account.banned', userBanned, { ...ban, until }).mail?.text).toContain('March 8, 2026');
    expect(tell('account.banned', userBanned, ban).mail?.text).toContain('can not sign in any more');
  });

  it('are all told in this test, and each has a mail of its own', () => {
    const mailed = [...stories, ...accountStories].map(([type]) => type);
    expect([...mailed, TWO_FACTOR]).toEqual([...NOTIFICATION_TYPES]);
    const names = notificationMails.map(({ name }) => name);
    expect(names).toHaveLength(mailed.length);
    expect(new Set(names).size).toBe(names.length);
  });

  it('say that a return is accepted, in the words of the shop where it has some', () => {
    const answer = { ...facts, requestId: 'q1', accepted: true };
    expect(tell('order.return_answered', orderReturnAnswered, answer).notice?.body).toBe('You can send it back.');
    const told = tell('order.return_answered', orderReturnAnswered, { ...answer, answer: 'Use the old box' });
    expect(told.notice?.body).toBe('Use the old box');
    expect(told.mail?.text).toContain('Your money goes back once it has arrived.');
  });

  it('say nothing of money that a bank took', () => {
    const refund = { ...facts, refundId: 'r1', amount: usd(500), isDispute: true };
    expect(tell('order.refunded', orderRefunded, refund).notice).toBeUndefined();
  });

  it('say nothing of an order whose buyer is busy paying it', () => {
    expect(tell('order.placed', orderPlaced, { ...cash, paymentMethod: 'stripe_checkout' }).notice).toBeUndefined();
  });

  it('list what was bought, with titles as text', () => {
    const [line] = orderLines;
    const title = 'Mug\r\n<img src=x onerror="alert(1)">\u202E';
    const { mail } = tell('order.paid', orderPaid, { ...paid, lines: [{ ...line, title }] });
    expect(mail?.text).toContain('2 × Mug <img src=x onerror="alert(1)">  $18.00');
    expect(mail?.html).toContain('2 × Mug &lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
    expect(mail?.html).not.toContain('<img');
  });
});
