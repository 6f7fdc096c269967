import { startMailbox, type RunningMailbox } from '@cartwright/tool-mailbox';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMailer, type Mail, type Mailer } from './index.ts';

let mailbox: RunningMailbox;
let mailer: Mailer;

const mail = (extra: Partial<Mail> = {}): Mail => ({
  to: 'ada@example.com',
  subject: 'Your order',
  text: 'Thank you',
  html: '<p>Thank you</p>',
  messageKey: 'order.paid:1',
  ...extra,
});

beforeAll(async () => {
  mailbox = await startMailbox();
  mailer = createMailer({ smtpUrl: mailbox.smtpUrl, from: 'Cartwright <shop@cartwright.test>' });
});
beforeEach(() => mailbox.clear());
afterAll(async () => {
  mailer.close();
  await mailbox.stop();
});

describe('the mailer', () => {
  it('sends text and HTML under an id that follows from the key', async () => {
    await mailer.send(mail());
    await mailer.send(mail());
    await mailer.send(mail({ messageKey: 'order.paid:2' }));
    const [other, second, first] = await mailbox.messages('ada@example.com');
    expect(first).toMatchObject({
      subject: 'Your order',
      html: '<p>Thank you</p>',
      from: expect.stringContaining('shop@cartwright.test') as string,
    });
    expect(first?.messageId).toMatch(/^<[0-9a-f]{40}@cartwright\.test>$/);
    expect(second?.messageId).toBe(first?.messageId);
    expect(other?.messageId).not.toBe(first?.messageId);
  });

  it('lets no line break into the headers and takes exactly one address', async () => {
    await mailer.send(mail({ subject: 'Hello\r\nBcc: eve@example.com' }));
    const [message] = await mailbox.messages();
    expect(message).toMatchObject({ to: ['ada@example.com'], subject: 'Hello Bcc: eve@example.com' });
    for (const to of ['a@example.com, b@example.com', 'a@example.com\r\nBcc: b@example.com', 'nobody']) {
      await expect(mailer.send(mail({ to }))).rejects.toThrow('exactly one address');
    }
  });

  it('rejects when there is no mail server', async () => {
    const lost = createMailer({ smtpUrl: 'smtp://127.0.0.1:1', from: 'shop@cartwright.test' });
    await expect(lost.send(mail())).rejects.toThrow();
    lost.close();
  });
});
