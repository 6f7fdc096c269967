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

  it('survives a gauge that cannot be read', async () => {
    const telemetry = createTelemetry({ service: 'api', defaultMetrics: false });
    telemetry.gauge('away', 'Of a store that is away', () => {
      throw new Error('away');
    });
    expect((await telemetry.expose()).body).toMatch(/cartwright_away\{service="api"\} NaN/i);
  });
});
