import { describe, expect, it } from 'vitest';
import { createTelemetry } from './telemetry.ts';

describe('telemetry', () => {
  it('exposes what was counted, by service', async () => {
    const telemetry = createTelemetry({ service: 'api', defaultMetrics: false });
    telemetry.counter('orders_placed_total', 'Orders placed', ['method']).inc({ method: 'stripe' });
    telemetry.histogram('call_seconds', 'Time of calls', ['path']).observe({ path: 'orders.place' }, 0.02);
    telemetry.gauge('outbox_open', 'Open events', () => 7);
    const { contentType, body } = await telemetry.expose();
    expect(contentType).toContain('text/plain');
    expect(body).toContain('cartwright_orders_placed_total{method="stripe",service="api"} 1');
    expect(body).toMatch(/cartwright_call_seconds_bucket\{le="0.025",service="api",path="orders.place"\} 1/);
    expect(body).toContain('cartwright_outbox_open{service="api"} 7');
  });

  it('reads several values at once, and forgets those that are gone', async () => {
    const telemetry = createTelemetry({ service: 'api', defaultMetrics: false });
    let queues = ['mail', 'orders'];
    telemetry.gauges('queue_waiting', 'Waiting jobs', ['queue'], async () =>
      queues.map((queue) => ({ labels: { queue }, value: 3 })),
    );
    expect((await telemetry.expose()).body).toContain('cartwright_queue_waiting{queue="mail",service="api"} 3');
    queues = ['orders'];
    expect((await telemetry.expose()).body).not.toContain('mail');
  });

  it('survives a gauge that cannot be read', async () => {
    const telemetry = createTelemetry({ service: 'api', defaultMetrics: false });
    telemetry.gauge('away', 'Of a store that is away', () => {
      throw new Error('away');
    });
    telemetry.gauges('all_away', 'Of a store that is away', ['of'], () => Promise.reject(new Error('away')));
    expect((await telemetry.expose()).body).toMatch(/cartwright_away\{service="api"\} NaN/i);
  });
});
