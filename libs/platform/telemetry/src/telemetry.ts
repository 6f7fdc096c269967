import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export type Telemetry = {
  /** Counts things: `cartwright_orders_placed_total`. */
  counter<Label extends string = never>(name: string, help: string, labels?: readonly Label[]): Counter<Label>;
  /** A value that goes up and down; with `read`, asked at each scrape. */
  gauge(name: string, help: string, read?: () => number | Promise<number>): Gauge;
  /** As a gauge, for several things at once: all values are asked for at each scrape, and those not told of are gone. */
  gauges<Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
    read: () => Promise<readonly { labels: Record<Label, string>; value: number }[]>,
  ): void;
  /** Durations in seconds, from a millisecond to ten seconds. */
  histogram<Label extends string = never>(name: string, help: string, labels?: readonly Label[]): Histogram<Label>;
  /** All metrics in Prometheus' text format, for `GET /metrics`. */
  expose(): Promise<{ contentType: string; body: string }>;
};

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const PREFIX = 'cartwright_';

/** A metrics registry of its own for this process, with Node's default metrics. Names get the prefix `cartwright_`. */
export const createTelemetry = (options: { service: string; defaultMetrics?: boolean }): Telemetry => {
  const { service, defaultMetrics = true } = options;
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  if (defaultMetrics) collectDefaultMetrics({ register: registry });
  const registers = [registry];

  return {
    counter: (name, help, labels = []) =>
      new Counter({ name: PREFIX + name, help, labelNames: [...labels], registers }),
    gauge: (name, help, read) =>
      new Gauge({
        name: PREFIX + name,
        help,
        registers,
        ...(read
          ? {
              async collect() {
                // A store that is away must not break the scrape: the value is missing then.
                const value = await (async () => read())().catch(() => Number.NaN);
                this.set(value);
              },
            }
          : {}),
      }),
    gauges: (name, help, labels, read) => {
      void new Gauge({
        name: PREFIX + name,
        help,
        labelNames: [...labels],
        registers,
        async collect() {
          const values = await (async () => read())().catch(() => []);
          this.reset();
          for (const { labels: of, value } of values) this.set(of, value);
        },
      });
    },
    histogram: (name, help, labels = []) =>
      new Histogram({ name: PREFIX + name, help, labelNames: [...labels], buckets: BUCKETS, registers }),
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
};
