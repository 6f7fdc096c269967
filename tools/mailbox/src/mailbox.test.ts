import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, describe, expect, it } from 'vitest';
import { framedHtml } from './html.ts';
import { startMailbox, type MailboxOptions, type RunningMailbox } from './index.ts';

const running: RunningMailbox[] = [];
const folders: string[] = [];

async function start(options: MailboxOptions = {}): Promise<RunningMailbox> {
  const mailbox = await startMailbox(options);
  running.push(mailbox);
  return mailbox;
}

async function send(mailbox: RunningMailbox, to: string, html = '<h1>Hi</h1>'): Promise<void> {
  const transport = createTransport(mailbox.smtpUrl);
  await transport.sendMail({ from: 'Shop <shop@example.com>', to, subject: `For ${to} <b>`, text: 'Hello', html });
  transport.close();
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((mailbox) => mailbox.stop()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

describe('the mailbox', () => {
  it('shows what was sent, newest first, to everybody or to one address', async () => {
    const mailbox = await start();
    await send(mailbox, 'Ada@example.com');
    await send(mailbox, 'grace@example.com');
    const all = await mailbox.messages();
    expect(all.map((message) => message.to)).toEqual([['grace@example.com'], ['ada@example.com']]);
    const [ada] = await mailbox.messages('ada@');
    expect(ada).toMatchObject({
      from: expect.stringContaining('shop@example.com') as string,
      text: expect.stringContaining('Hello') as string,
    });
    const one = await (await fetch(`${mailbox.url}/api/messages/${ada?.id ?? ''}`)).json();
    expect(one).toEqual(ada);
    expect((await fetch(`${mailbox.url}/api/messages/none`)).status).toBe(404);
    expect((await fetch(`${mailbox.url}//`)).status).toBe(404);
    await mailbox.clear();
    expect(await mailbox.messages()).toEqual([]);
  });

  it('escapes subjects and keeps HTML mails in a sandbox', async () => {
    const mailbox = await start();
    await send(mailbox, 'ada@example.com', '<script>alert(1)</script><p>Hi</p>');
    const list = await (await fetch(mailbox.url)).text();
    expect(list).toContain('For ada@example.com &lt;b&gt;');
    const [message] = await mailbox.messages();
    const page = await (await fetch(`${mailbox.url}/messages/${message?.id ?? ''}`)).text();
    expect(page).toMatch(/<iframe sandbox="(?!.*allow-(scripts|same-origin|forms|top-navigation))/);
    expect(page).not.toContain('<script');
    const part = await fetch(`${mailbox.url}/messages/${message?.id ?? ''}/html`);
    expect(part.headers.get('content-security-policy')).toMatch(
      /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/,
    );
  });

  it.each([
    ['<p>Hi</p>', '<base target="_blank"><p>Hi</p>'],
    ['<!DOCTYPE html><p>Hi</p>', '<!DOCTYPE html><base target="_blank"><p>Hi</p>'],
    [
      '<!doctype html><html><head lang="en"><title>x</title></head><body>Hi</body></html>',
      '<!doctype html><html><head lang="en"><base target="_blank"><title>x</title></head><body>Hi</body></html>',
    ],
  ])('opens the links of %s in tabs of their own', (html, framed) => {
    expect(framedHtml(html)).toBe(framed);
  });

  it('keeps mails in its folder over a kill', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'mailbox-'));
    folders.push(dataDir);
    const first = await start({ dataDir });
    await send(first, 'ada@example.com');
    await first.stop('SIGKILL');
    const second = await start({ dataDir });
    expect(await second.messages()).toHaveLength(1);
  });
});
