import { describe, expect, it } from 'vitest';
import { ada, client } from './accounts.fixture.ts';
import { setUpAccounts } from './mailed-accounts.fixture.ts';

describe('verifying an address', () => {
  it('is asked for with the registration, and reaches open sessions at once', async () => {
    await using app = await setUpAccounts();
    const { accessToken } = await app.signUp();
    expect(await app.auth.authenticate(accessToken)).toMatchObject({ emailVerified: false });
    const [mail] = await app.mailsTo(ada.email);
    expect(mail?.text).toContain(`https://shop.test/verify-email#${mail?.token}`);
    expect(mail?.html).toContain(`https://shop.test/verify-email#${mail?.token}`);
    await app.auth.verifyEmail(mail?.token ?? '', client);
    expect(await app.auth.authenticate(accessToken)).toMatchObject({ emailVerified: true });
    await expect(app.auth.verifyEmail(mail?.token ?? '', client)).rejects.toThrow('TOKEN_INVALID');
  });

  it('leaves nothing in the database that verifies', async () => {
    await using app = await setUpAccounts();
    await app.signUp();
    const [mail] = await app.mailsTo(ada.email);
    expect(mail?.token).toHaveLength(43);
    expect(JSON.stringify(mail?.stored)).not.toContain(mail?.token);
    const kept = await app.mongo.connection.collection('account_tokens').find().toArray();
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain(mail?.token);
  });

  it('happens once, however many use the link at once', async () => {
    await using app = await setUpAccounts();
    await app.signUp();
    const token = await app.tokenIn('account.verify');
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => app.auth.verifyEmail(token, client)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is over after three days', async () => {
    await using app = await setUpAccounts();
    await app.signUp();
    const token = await app.tokenIn('account.verify');
    app.clock.advance(3 * 86_400_000);
    await expect(app.auth.verifyEmail(token, client)).rejects.toThrow('TOKEN_INVALID');
  });

  it('takes no token that was mailed for something else', async () => {
    await using app = await setUpAccounts();
    await app.signUp();
    await app.auth.requestPasswordReset(ada.email, client);
    await app.settle();
    await expect(app.auth.verifyEmail(await app.tokenIn('account.reset'), client)).rejects.toThrow('TOKEN_INVALID');
  });

  it('keeps a role that was given meanwhile', async () => {
    await using app = await setUpAccounts();
    const { accessToken, principal } = await app.signUp();
    await app.sessions.setStanding(principal.userId, { role: 'staff' });
    await app.auth.verifyEmail(await app.tokenIn('account.verify'), client);
    expect(await app.auth.authenticate(accessToken)).toMatchObject({ role: 'staff', emailVerified: true });
  });
});

describe('asking for the mail again', () => {
  it('brings it to unverified addresses alone, and answers alike', async () => {
    await using app = await setUpAccounts();
    const { principal } = await app.signUp();
    await app.auth.resendVerification({}, { principal, ip: client.ip });
    await app.auth.resendVerification({ email: ada.email }, { principal: null, ip: client.ip });
    await app.auth.resendVerification({ email: 'nobody@shop.test' }, { principal: null, ip: client.ip });
    await app.settle();
    expect(await app.mailsTo(ada.email)).toHaveLength(3);
    expect(await app.mailsTo('nobody@shop.test')).toEqual([]);
    await app.auth.verifyEmail(await app.tokenIn('account.verify'), client);
    await app.auth.resendVerification({ email: ada.email }, { principal: null, ip: client.ip });
    await app.settle();
    expect(await app.mailsTo(ada.email)).toHaveLength(3);
  });

  it('needs an address', async () => {
    await using app = await setUpAccounts();
    const asking = app.auth.resendVerification({}, { principal: null, ip: client.ip });
    await expect(asking).rejects.toThrow('INVALID_INPUT');
  });

  it('is limited by address, for unknown ones too, and by network', async () => {
    const once = { points: 1, seconds: 60 };
    await using app = await setUpAccounts({ limits: { mailPerAddressAndNetwork: once } });
    for (const email of [ada.email, 'nobody@shop.test']) {
      await app.auth.resendVerification({ email }, { principal: null, ip: client.ip });
      const again = app.auth.resendVerification({ email }, { principal: null, ip: client.ip });
      await expect(again).rejects.toThrow('RATE_LIMITED');
    }
    await using other = await setUpAccounts({ limits: { mailPerNetwork: once } });
    await other.auth.requestPasswordReset(ada.email, client);
    await expect(other.auth.requestPasswordReset('bob@shop.test', client)).rejects.toThrow('RATE_LIMITED');
    await other.auth.requestPasswordReset('bob@shop.test', { ip: '198.51.100.7' });
  });

  it('is limited by address over all networks: nobody gets buried in mails', async () => {
    await using app = await setUpAccounts({ limits: { mailPerAddress: { points: 2, seconds: 60 } } });
    for (const ip of ['198.51.100.7', '198.51.100.8']) await app.auth.requestPasswordReset(ada.email, { ip });
    const third = { principal: null, ip: '198.51.100.9' };
    await expect(app.auth.resendVerification({ email: ada.email }, third)).rejects.toThrow('RATE_LIMITED');
    await app.auth.resendVerification({ email: 'bob@shop.test' }, third);
  });
});
