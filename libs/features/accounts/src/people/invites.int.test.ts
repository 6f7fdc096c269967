import { describe, expect, it } from 'vitest';
import { setUpPeople, type PeopleShop } from './people.fixture.ts';
import { accountTokenOf } from '../account-tokens.ts';
import { SECRET, client, signedIn } from '../accounts.fixture.ts';

const eve = { email: 'eve@shop.test', name: 'Eve', role: 'staff' as const };
const password = 'a password of Eve';

/** The tokens of mails of a template, as their readers see them, the latest last. */
async function tokensIn(shop: PeopleShop, template: string): Promise<string[]> {
  const rows = shop.db.mongo.connection.collection<{ _id: string; data: { seed: string } }>('mails');
  const mails = await rows.find({ template }).sort({ createdAt: 1, _id: 1 }).toArray();
  return mails.map(({ data }) => accountTokenOf(SECRET, data.seed));
}

describe('an invitation', () => {
  it('makes an account that nobody can enter but by the link, which gives the role once', async () => {
    await using shop = await setUpPeople();
    const root = await shop.make('root', 'admin');
    const person = await shop.people.invite(root, eve);
    expect(person).toMatchObject({ email: eve.email, role: 'customer', emailVerified: false, invited: true });
    await expect(shop.auth.login({ email: eve.email, password }, client)).rejects.toThrow('INVALID_CREDENTIALS');
    const [token = ''] = await tokensIn(shop, 'account.invite');
    const attempts = Array.from({ length: 10 }, () => shop.auth.acceptInvite({ token, password }, client));
    const outcomes = await Promise.allSettled(attempts);
    const [first] = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(first?.user).toMatchObject({ role: 'staff', emailVerified: true, name: 'Eve' });
    expect(await shop.auth.authenticate(first?.accessToken ?? '')).toMatchObject({
      role: 'staff',
      emailVerified: true,
    });
    expect(await shop.people.byId(person.id)).toMatchObject({ invited: false, role: 'staff' });
    await expect(shop.auth.acceptInvite({ token, password }, client)).rejects.toThrow('TOKEN_INVALID');
    expect(await shop.auth.login({ email: eve.email, password }, client)).toMatchObject({ status: 'ok' });
  });

  it('can be sent anew, and the former link is good no more', async () => {
    await using shop = await setUpPeople();
    const root = await shop.make('root', 'admin');
    const { id } = await shop.people.invite(root, eve);
    shop.clock.advance(1_000);
    expect(await shop.people.invite(root, { ...eve, role: 'customer' })).toMatchObject({ id });
    const [former = '', token = ''] = await tokensIn(shop, 'account.invite');
    await expect(shop.auth.acceptInvite({ token: former, password }, client)).rejects.toThrow('TOKEN_INVALID');
    expect((await shop.auth.acceptInvite({ token, password, name: 'Eva' }, client)).user).toMatchObject({
      role: 'customer',
      name: 'Eva',
    });
  });

  it('is not for who has an account, nor by who may not, nor for ever', async () => {
    await using shop = await setUpPeople();
    const [root, ada] = [await shop.make('root', 'admin'), await shop.make('ada')];
    await expect(shop.people.invite(root, { ...eve, email: 'ADA@shop.test' })).rejects.toThrow('EMAIL_TAKEN');
    await expect(shop.people.invite(ada, eve)).rejects.toThrow('FORBIDDEN');
    await shop.people.invite(root, eve);
    const [token = ''] = await tokensIn(shop, 'account.invite');
    shop.clock.advance(7 * 24 * 3_600_000 + 1);
    await expect(shop.auth.acceptInvite({ token, password }, client)).rejects.toThrow('TOKEN_INVALID');
  });

  it('is no way around a second factor', async () => {
    await using shop = await setUpPeople();
    const { id } = await shop.people.invite(await shop.make('root', 'admin'), eve);
    const enabled = { secret: 'sealed', lastStep: 0, recoveryCodes: [], since: shop.clock() };
    await shop.users.updateOne({ _id: id }, { $set: { twoFactor: { enabled } } });
    const [token = ''] = await tokensIn(shop, 'account.invite');
    await expect(shop.auth.acceptInvite({ token, password }, client)).rejects.toThrow('TOKEN_INVALID');
    expect(await shop.people.byId(id)).toMatchObject({ role: 'customer', invited: true });
  });

  it('taken up ends sessions of before', async () => {
    await using shop = await setUpPeople();
    const { id } = await shop.people.invite(await shop.make('root', 'admin'), eve);
    // Somebody came by a link for a new password, and is in.
    await shop.users.updateOne({ _id: id }, { $set: { passwordHash: 'hash of theirs' } });
    const earlier = await signedIn(shop.auth.login({ email: eve.email, password: 'theirs' }, client));
    shop.clock.advance(1_000);
    const [token = ''] = await tokensIn(shop, 'account.invite');
    const { accessToken } = await shop.auth.acceptInvite({ token, password }, client);
    await expect(shop.auth.authenticate(earlier.accessToken)).rejects.toThrow('SESSION_REVOKED');
    expect(await shop.auth.authenticate(accessToken)).toMatchObject({ role: 'staff' });
    expect(await shop.told()).toContain('user.password-changed');
  });

  it('that makes somebody an operator ends the ways back to the account', async () => {
    await using shop = await setUpPeople();
    const { id } = await shop.people.invite(await shop.make('root', 'admin'), eve);
    const { seed } = await shop.db.mongo.transaction((tx) =>
      shop.accountTokens.issue({ kind: 'emailUndo', userId: id, email: eve.email }, tx),
    );
    const [token = ''] = await tokensIn(shop, 'account.invite');
    await shop.auth.acceptInvite({ token, password }, client);
    const undoing = shop.identity.emailChange.undoEmailChange(accountTokenOf(SECRET, seed), client);
    await expect(undoing).rejects.toThrow('TOKEN_INVALID');
  });

  it('ends with the rights of whoever invited', async () => {
    await using shop = await setUpPeople();
    const [root, second] = [await shop.make('root', 'admin'), await shop.make('second', 'admin')];
    await shop.people.invite(second, { ...eve, role: 'staff' });
    await shop.people.ban(root, { userId: second, reason: 'Misuse' });
    const [token = ''] = await tokensIn(shop, 'account.invite');
    await expect(shop.auth.acceptInvite({ token, password }, client)).rejects.toThrow('TOKEN_INVALID');
  });
});

describe('withdrawing an invitation', () => {
  it('ends its link, and leaves no account that was nobody’s: the address is free again', async () => {
    await using shop = await setUpPeople();
    const root = await shop.make('root', 'admin');
    const { id } = await shop.people.invite(root, eve);
    const listed = async () => (await shop.people.list({ limit: 20, invited: true })).items.map(({ email }) => email);
    expect(await listed()).toEqual([eve.email]);
    await shop.people.cancelInvite(root, id);
    expect(await listed()).toEqual([]);
    const [token = ''] = await tokensIn(shop, 'account.invite');
    await expect(shop.auth.acceptInvite({ token, password }, client)).rejects.toThrow('TOKEN_INVALID');
    await expect(shop.people.byId(id)).rejects.toThrow('NOT_FOUND');
    expect((await shop.told()).at(-1)).toBe('user.removed');
    await expect(shop.people.cancelInvite(root, id)).rejects.toThrow('NOT_FOUND');
    const again = await shop.people.invite(root, eve);
    const next = (await tokensIn(shop, 'account.invite')).at(-1) ?? '';
    expect((await shop.auth.acceptInvite({ token: next, password }, client)).user).toMatchObject({ id: again.id });
  });

  it('leaves an account that somebody came to by another link, without the role', async () => {
    await using shop = await setUpPeople();
    const root = await shop.make('root', 'admin');
    const { id } = await shop.people.invite(root, eve);
    await shop.users.updateOne({ _id: id }, { $set: { emailVerifiedAt: shop.clock() } });
    await shop.people.cancelInvite(root, id);
    expect(await shop.people.byId(id)).toMatchObject({ role: 'customer', invited: false });
    const [token = ''] = await tokensIn(shop, 'account.invite');
    await expect(shop.auth.acceptInvite({ token, password }, client)).rejects.toThrow('TOKEN_INVALID');
  });

  it('is for administrators, and for who is invited', async () => {
    await using shop = await setUpPeople();
    const [root, ada] = [await shop.make('root', 'admin'), await shop.make('ada')];
    const { id } = await shop.people.invite(root, eve);
    await expect(shop.people.cancelInvite(ada, id)).rejects.toThrow('FORBIDDEN');
    await expect(shop.people.cancelInvite(root, ada)).rejects.toThrow('NOT_INVITED');
    expect(await shop.people.byId(id)).toMatchObject({ invited: true });
  });

  it('and taking it up at once come to one of both', async () => {
    await using shop = await setUpPeople();
    const root = await shop.make('root', 'admin');
    const { id } = await shop.people.invite(root, eve);
    const [token = ''] = await tokensIn(shop, 'account.invite');
    const [canceled, accepted] = await Promise.allSettled([
      shop.people.cancelInvite(root, id),
      shop.auth.acceptInvite({ token, password }, client),
    ]);
    expect([canceled.status, accepted.status].sort()).toEqual(['fulfilled', 'rejected']);
    const found = await shop.users.findOne({ _id: id });
    if (accepted.status === 'fulfilled') expect(found).toMatchObject({ role: 'staff' });
    else expect(found).toBeNull();
  });
});

describe('resetting a second factor', () => {
  it('takes it away, tells by mail, and is not for oneself', async () => {
    await using shop = await setUpPeople();
    const [root, ada] = [await shop.make('root', 'admin'), await shop.make('ada')];
    await expect(shop.people.resetTwoFactor(root, ada)).rejects.toThrow('TWO_FACTOR_NOT_ENABLED');
    await expect(shop.people.resetTwoFactor(root, root)).rejects.toThrow('OWN_ACCOUNT');
    const enabled = { secret: 'sealed', lastStep: 0, recoveryCodes: [], since: shop.clock() };
    await shop.users.updateOne({ _id: ada }, { $set: { twoFactor: { enabled } } });
    expect(await shop.people.byId(ada)).toMatchObject({ twoFactorEnabled: true });
    await shop.people.resetTwoFactor(root, ada);
    expect(await shop.people.byId(ada)).toMatchObject({ twoFactorEnabled: false });
    const mails = shop.db.mongo.connection.collection('mails');
    expect(await mails.countDocuments({ template: 'account.two-factor-reset', to: 'ada@shop.test' })).toBe(1);
  });
});
