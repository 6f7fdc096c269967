import autocannon from 'autocannon';
import type { Call } from './client.ts';
import { percentile, type Load } from './measurement.ts';

const TIMEOUT_SECONDS = 30;

/**
 * Puts a load on an address for some seconds. Every request is made anew by `next`, so that callers, terms and carts can
 * differ. Answers other than 200 count as errors, with what the first one said. Times are taken from each response, finer
 * than the whole milliseconds of autocannon's own histogram.
 */
export async function runAutocannon({
  origin,
  next,
  connections,
  seconds,
}: {
  origin: string;
  next: () => Call;
  connections: number;
  seconds: number;
}): Promise<Load> {
  const durations: number[] = [];
  let refused = 0;
  let firstError: string | undefined;
  const options: autocannon.Options = {
    url: origin,
    connections,
    duration: seconds,
    timeout: TIMEOUT_SECONDS,
    requests: [
      {
        setupRequest: (request) => {
          const { path, method = 'GET', headers = {}, body } = next();
          const sent = body === undefined ? { ...headers } : { ...headers, 'content-type': 'application/json' };
          return { ...request, method, path, headers: sent, ...(body === undefined ? {} : { body }) };
        },
        onResponse: (status, body) => {
          if (status === 200) return;
          refused += 1;
          firstError ??= `HTTP ${status}: ${body.slice(0, 300)}`;
        },
      },
    ],
  };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(options, (error: Error | null, found: autocannon.Result) =>
      error ? reject(error) : resolve(found),
    );
    instance.on('response', (_client, status, _bytes, milliseconds) => {
      if (status === 200) durations.push(milliseconds);
    });
  });
  // Timeouts are among the errors already.
  if (result.errors > 0)
    firstError ??= `${result.errors} calls without an answer, ${result.timeouts} of them timed out`;
  durations.sort((left, right) => left - right);
  return {
    requests: durations.length,
    seconds: result.duration,
    p50: percentile(durations, 0.5),
    p99: percentile(durations, 0.99),
    errors: refused + result.errors,
    firstError,
  };
}
