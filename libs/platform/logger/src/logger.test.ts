import { describe, expect, it } from 'vitest';
import { createLogger, createSilentLogger } from './logger.ts';

const linesOf = (write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] => {
  const lines: string[] = [];
  write(createLogger({ level: 'info', name: 'test', destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('the logger', () => {
  it('writes JSON with a name and an ISO time, from its level on', () => {
    const lines = linesOf((logger) => {
      logger.debug('unheard');
      logger.child({ requestId: 'r1' }).info({ orderId: 'o1' }, 'placed');
    });
    expect(lines).toMatchObject([{ name: 'test', requestId: 'r1', orderId: 'o1', msg: 'placed' }]);
    expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('keeps secrets and personal data out', () => {
    const secret = 'hunter2';
    const lines = linesOf((logger) =>
      logger.info({
        password: secret,
        user: { email: secret, passwordHash: secret },
        err: Object.assign(new Error('E11000'), { keyValue: { emailKey: secret } }),
        recipients: [{ email: secret }],
        input: { body: { refreshToken: secret, shippingAddress: { phone: secret } } },
        req: { headers: { authorization: secret, cookie: secret, 'x-cart-token': secret, 'stripe-signature': secret } },
      }),
    );
    expect(JSON.stringify(lines)).not.toContain(secret);
  });

  it('keeps addresses out of the messages of errors, and facts of all depths in bounds', () => {
    const loop: Record<string, unknown> = { at: new Date(0), bytes: Buffer.from('x') };
    loop['self'] = loop;
    const lines = linesOf((logger) => {
      const cause = new Error('to ada@shop.test');
      logger.warn({ err: new Error('dup key: { emailKey: "ada@shop.test" }', { cause }) }, 'failed');
      logger.child({ token: 'hunter2' }).info({ loop }, 'kept');
    });
    expect(JSON.stringify(lines)).not.toMatch(/ada@|hunter2/);
    expect(lines[0]?.err).toMatchObject({ type: 'Error', stack: expect.stringContaining('logger.test.ts') as string });
    expect(lines[1]).toMatchObject({ msg: 'kept', loop: { at: '1970-01-01T00:00:00.000Z', bytes: '[binary]' } });
  });

  it('can be silent', () => {
    expect(() => createSilentLogger().error('unheard')).not.toThrow();
  });
});
