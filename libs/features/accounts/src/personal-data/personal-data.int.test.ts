import { describe, expect, it } from 'vitest';
import { ada, client } from '../accounts.fixture.ts';
import { setUpAccounts, type MailedAccounts } from '../mailed-accounts.fixture.ts';

const ticketOf = (url = ''): string => new URL(url).searchParams.get('ticket') ?? '';

const exported = async (app: MailedAccounts, { principal }: Awaited<ReturnType<MailedAccounts['signUp']>>) => {
  await app.identity.personalData.exportData(principal, client);
  await app.settle();
  return { ticket: ticketOf((await app.identity.personalData.exportDownload(principal)).url) };
};

describe('a copy of personal data', () => {
  it('holds all that is known and nothing that lets anybody in', async () => {
    await using app = await setUpAccounts();
    const caller = await app.signUp();
    expect(await app.identity.personalData.exportStatus(caller.principal)).toEqual({ status: 'none' });
    const begun = await app.identity.personalData.exportData(caller.principal, client);
    expect(begun).toMatchObject({ status: 'pending' });
    await expect(app.identity.personalData.exportDownload(caller.principal)).rejects.toThrow('NOT_FOUND');
    await app.settle();
    const ready = await app.identity.personalData.exportStatus(caller.principal);
    expect(ready).toMatchObject({ status: 'ready' });
    // Nothing to fetch it by: that is for who has just shown who they are.
    expect(JSON.stringify(ready)).not.toContain('ticket');
    const { url, bytes } = await app.identity.personalData.exportDownload(caller.principal);
    expect(url).toMatch(/^https:\/\/api\.shop\.test\/account\/export\?ticket=/);
    expect(bytes).toBe(ready.bytes);
    const text = (await app.identity.personalData.download(ticketOf(url), client)).toString();
    expect(text).toHaveLength(bytes);
    const copy = JSON.parse(text) as Record<string, unknown>;
    expect(copy).toMatchObject({
      profile: { email: ada.email, name: ada.name },
      addresses: [],
      sessions: [{ ip: client.ip }],
      orders: [{ userId: caller.user.id }],
    });
    for (const secret of ['argon2', 'passwordHash', caller.refreshToken, caller.principal.sessionId]) {
      expect(text).not.toContain(secret);
    }
  });

  it('is handed out for five minutes, to the session that asked, while it lives', async () => {
    await using app = await setUpAccounts();
    const caller = await app.signUp();
    const { ticket } = await exported(app, caller);
    const download = (given: string) => app.identity.personalData.download(given, client);
    for (const forged of ['', 'a.b.c.d.e', `${ticket}x`, ticket.replace(/^[^.]+/, 'somebody')]) {
      await expect(download(forged)).rejects.toThrow('NOT_FOUND');
    }
    await download(ticket);
    app.clock.advance(5 * 60_000);
    await expect(download(ticket)).rejects.toThrow('NOT_FOUND');
    const fresh = ticketOf((await app.identity.personalData.exportDownload(caller.principal)).url);
    await download(fresh);
    await app.auth.logout(caller.principal);
    await expect(download(fresh)).rejects.toThrow('NOT_FOUND');
  });

  it('is nobody else’s, and replaced by the next one', async () => {
    await using app = await setUpAccounts();
    const caller = await app.signUp();
    const { ticket } = await exported(app, caller);
    const bob = await app.signUp({ ...ada, email: 'bob@shop.test' });
    expect(await app.identity.personalData.exportStatus(bob.principal)).toEqual({ status: 'none' });
    await exported(app, caller);
    await expect(app.identity.personalData.download(ticket, client)).rejects.toThrow('NOT_FOUND');
  });

  it('is looked for so many times from one network, whatever the tickets', async () => {
    await using app = await setUpAccounts({ limits: { downloadPerNetwork: { points: 3, seconds: 60 } } });
    const { ticket } = await exported(app, await app.signUp());
    const { download } = app.identity.personalData;
    for (const forged of ['a', 'b', 'c']) await expect(download(forged, client)).rejects.toThrow('NOT_FOUND');
    await expect(download(ticket, client)).rejects.toThrow('RATE_LIMITED');
    expect(await download(ticket, { ip: '198.51.100.7' })).toBeInstanceOf(Buffer);
  });

  it('is made once at a time, and five times a day', async () => {
    await using app = await setUpAccounts();
    const caller = await app.signUp();
    await app.identity.personalData.exportData(caller.principal, client);
    await app.identity.personalData.exportData(caller.principal, client);
    await app.settle();
    expect((await app.eventTypes()).filter((type) => type === 'user.data-requested')).toHaveLength(1);
    for (let count = 0; count < 4; count += 1) await exported(app, caller);
    await expect(app.identity.personalData.exportData(caller.principal, client)).rejects.toThrow('RATE_LIMITED');
  });

  it('that nobody finished counts as failed after an hour, and may be asked for anew', async () => {
    await using app = await setUpAccounts();
    const { principal } = await app.signUp();
    const { exportData, exportStatus } = app.identity.personalData;
    await exportData(principal, client);
    app.clock.advance(3_600_000 - 1);
    expect(await exportData(principal, client)).toMatchObject({ status: 'pending' });
    app.clock.advance(1);
    expect(await exportStatus(principal)).toMatchObject({ status: 'failed' });
    expect(await exportData(principal, client)).toMatchObject({ status: 'pending', requestedAt: app.clock() });
    await app.settle();
    expect(await exportStatus(principal)).toMatchObject({ status: 'ready', requestedAt: app.clock() });
  });
});
