import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { payCheckoutSession } from './index.ts';
import { orderParams, sdkFor, useStandIn, WEBHOOK_SECRET } from './testing/fixture.ts';
import { startWebhookReceiver } from './testing/webhook-receiver.ts';

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'stripe-standin-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

describe('webhooks', () => {
  it('arrive signed and are accepted by the official SDK', async () => {
    await using receiver = await startWebhookReceiver();
    await using standIn = await useStandIn({ webhookUrl: receiver.url });
    const session = await standIn.stripe.checkout.sessions.create(orderParams());
    await payCheckoutSession(session.url ?? '');
    await vi.waitFor(() => expect(receiver.types()).toContain('checkout.session.completed'), 10_000);
    await vi.waitFor(() => expect(receiver.types()).toHaveLength(4), 10_000);
    for (const { body, signature } of receiver.received) {
      const event = standIn.stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET);
      expect(event).toMatchObject({ object: 'event', livemode: false });
      expect(() => standIn.stripe.webhooks.constructEvent(`${body} `, signature, WEBHOOK_SECRET)).toThrow();
    }
    await vi.waitFor(async () => {
      const events = (await standIn.stripe.events.list()).data;
      expect(events.map((event) => event.pending_webhooks)).toEqual([0, 0, 0, 0]);
    }, 10_000);
  });

  it('carry a signature for each secret while a secret is rotated', async () => {
    await using receiver = await startWebhookReceiver();
    await using standIn = await useStandIn({ webhookUrl: receiver.url, webhookSecret: ['whsec_old', 'whsec_new'] });
    await standIn.stripe.paymentIntents.create({ amount: 100, currency: 'usd' });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), 10_000);
    const [webhook] = receiver.received;
    for (const secret of ['whsec_old', 'whsec_new']) {
      expect(standIn.stripe.webhooks.constructEvent(webhook?.body ?? '', webhook?.signature ?? '', secret).type).toBe(
        'payment_intent.created',
      );
    }
  });

  it('are tried again until the receiver is back', async () => {
    await using receiver = await startWebhookReceiver();
    receiver.answerWith(503);
    await using standIn = await useStandIn({ webhookUrl: receiver.url });
    await standIn.stripe.paymentIntents.create({ amount: 100, currency: 'usd' });
    await vi.waitFor(async () => {
      expect((await standIn.control.listDeliveries())[0]?.attempts).toBeGreaterThanOrEqual(2);
    }, 10_000);
    expect((await standIn.control.listDeliveries())[0]).toMatchObject({ status: 'pending', last_status: 503 });
    receiver.answerWith(200);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), { timeout: 5000 });
  });

  it('are held, released in reverse order, duplicated and dropped on demand', async () => {
    await using receiver = await startWebhookReceiver();
    await using standIn = await useStandIn({ webhookUrl: receiver.url });
    const { control, stripe } = standIn;
    await control.holdDeliveries();
    const session = await stripe.checkout.sessions.create(orderParams());
    await payCheckoutSession(session.url ?? '');
    expect(receiver.received).toHaveLength(0);
    await control.releaseDeliveries({ order: 'reverse' });
    expect(receiver.types()).toEqual([
      'checkout.session.completed',
      'payment_intent.succeeded',
      'charge.succeeded',
      'payment_intent.created',
    ]);
    const [completed] = (await stripe.events.list({ type: 'checkout.session.completed' })).data;
    await control.redeliver(completed?.id ?? '', 2);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(6), 10_000);
    await control.holdDeliveries();
    await stripe.paymentIntents.create({ amount: 100, currency: 'usd' });
    expect(await control.dropDeliveries()).toBe(1);
    expect(await control.releaseDeliveries()).toEqual([]);
  });

  it('are held by type, while others arrive', async () => {
    await using receiver = await startWebhookReceiver();
    await using standIn = await useStandIn({ webhookUrl: receiver.url });
    const { control, stripe } = standIn;
    await control.holdDeliveries({ types: 'charge.' });
    const session = await stripe.checkout.sessions.create(orderParams());
    await payCheckoutSession(session.url ?? '');
    const others = ['checkout.session.completed', 'payment_intent.created', 'payment_intent.succeeded'];
    await vi.waitFor(() => expect(receiver.types().toSorted()).toEqual(others), { timeout: 10_000 });
    await control.releaseDeliveries();
    expect(receiver.types()).toEqual([...receiver.types().slice(0, 3), 'charge.succeeded']);
  });
});

describe('state', () => {
  it('sends what was left undelivered to where the receiver is now', async () => {
    await using folder = await temporaryFolder();
    const first = await useStandIn({ dataDir: folder.path, webhookUrl: 'http://127.0.0.1:9/nobody' });
    await first.stripe.paymentIntents.create({ amount: 100, currency: 'usd' });
    await first.stop();
    await using receiver = await startWebhookReceiver();
    await using _second = await useStandIn({ dataDir: folder.path, webhookUrl: receiver.url });
    await vi.waitFor(() => expect(receiver.types()).toEqual(['payment_intent.created']), { timeout: 5000 });
  });

  it('survives kill -9; what was not delivered is delivered after the restart', async () => {
    await using folder = await temporaryFolder();
    await using receiver = await startWebhookReceiver();
    receiver.answerWith(500);
    const options = { webhookUrl: receiver.url, dataDir: folder.path };
    const first = await useStandIn(options);
    const session = await first.stripe.checkout.sessions.create(orderParams(), { idempotencyKey: 'session:1:1' });
    await payCheckoutSession(session.url ?? '');
    await first.stop('SIGKILL');

    receiver.answerWith(200);
    await using second = await useStandIn(options);
    await vi.waitFor(() => expect(receiver.types()).toContain('checkout.session.completed'), 10_000);
    expect(await second.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'paid' });
    const replayed = await second.stripe.checkout.sessions.create(orderParams(), { idempotencyKey: 'session:1:1' });
    expect(replayed.id).toBe(session.id);
  });

  it('lets sessions expire that ran out while it was off', async () => {
    await using folder = await temporaryFolder();
    const first = await useStandIn({ dataDir: folder.path });
    const expiresAt = Math.floor(Date.now() / 1000) + 31 * 60;
    const session = await first.stripe.checkout.sessions.create(orderParams({ expires_at: expiresAt }));
    await first.control.advanceClock(60);
    await first.stop();
    await using second = await useStandIn({ dataDir: folder.path });
    await second.control.advanceClock(31 * 60);
    expect(await second.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'expired' });
  });

  it('is live under a live key', async () => {
    await using live = await useStandIn({ secretKey: 'sk_live_x' });
    const session = await sdkFor(live.url, 'sk_live_x').checkout.sessions.create(orderParams());
    expect(session).toMatchObject({ livemode: true, id: expect.stringMatching(/^cs_live_/) as string });
  });
});
