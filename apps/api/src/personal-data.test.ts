import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError, notFound } from '@cartwright/domain-errors';
import { collectingLogger } from '@cartwright/testkit';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { answerErrors } from './errors.ts';
import { createPersonalDataRoute } from './personal-data.ts';

/** The route on a server of its own. */
async function serve(downloadPersonalData: (ticket: string, from: { ip: string }) => Promise<Buffer>) {
  const { logger, lines } = collectingLogger();
  const app = express();
  app.use(createPersonalDataRoute({ downloadPersonalData, addressOf: () => '203.0.113.9' }));
  app.use(answerErrors(logger));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    lines,
    get: (query: string) => fetch(`http://127.0.0.1:${port}/account/export${query}`),
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

describe('the download of personal data', () => {
  it('counts by the caller, and takes one ticket alone', async () => {
    const asked: unknown[] = [];
    await using app = await serve((ticket, from) => {
      asked.push([ticket, from.ip]);
      return Promise.resolve(Buffer.from('{}'));
    });
    const answer = await app.get('?ticket=one');
    expect(await answer.json()).toEqual({});
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    await (await app.get('?ticket=one&ticket=two')).text();
    await (await app.get('?ticket[$ne]=one')).text();
    expect(asked).toEqual([
      ['one', '203.0.113.9'],
      ['', '203.0.113.9'],
      ['', '203.0.113.9'],
    ]);
  });

  it.each([
    [notFound('export'), 404, null],
    [new DomainError('RATE_LIMITED', { retryAfterSeconds: 42 }), 429, '42'],
    [new DomainError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 2 }), 503, '2'],
    [new Error('secrets of a driver'), 500, null],
  ])('answers %s with its status and no more', async (error, status, retryAfter) => {
    await using app = await serve(() => Promise.reject(error));
    const answer = await app.get('?ticket=one');
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(answer.headers.get('content-disposition')).toBeNull();
    expect(await answer.text()).not.toContain(error.message);
    expect(app.lines).toHaveLength(status === 500 ? 1 : 0);
  });
});
