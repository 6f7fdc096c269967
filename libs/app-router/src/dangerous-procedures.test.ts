import { expect, it } from 'vitest';
import { callWithoutServices, procedures } from './procedures.fixture.ts';

/**
 * What could lock the owner out, give away all that is known of them, or change what others may do: for whoever finds an
 * open session it is not enough to be signed in. (Removing the account and changing the password ask for the password
 * themselves.)
 */
const DANGEROUS = [
  'account.changeEmail',
  'account.exportData',
  'account.exportDownload',
  'account.twoFactor.setup',
  'account.twoFactor.enable',
  'account.twoFactor.disable',
  'account.twoFactor.regenerateRecoveryCodes',
  'admin.users.ban',
  'admin.users.cancelBan',
  'admin.users.unban',
  'admin.users.setRole',
  'admin.users.resetTwoFactor',
  'admin.users.invite',
  'admin.users.cancelInvite',
  'admin.users.revokeSessions',
];

it.each(DANGEROUS)('%s asks anew who it is, also of administrators', async (path) => {
  expect((await callWithoutServices(path, 'admin', { steppedUp: false })).refusal).toBe('STEP_UP_REQUIRED');
  expect((await callWithoutServices(path, 'admin')).refusal).not.toBe('STEP_UP_REQUIRED');
});

it('nothing else does', async () => {
  const asking: string[] = [];
  for (const { path } of procedures) {
    const { refusal } = await callWithoutServices(path, 'admin', { steppedUp: false });
    if (refusal === 'STEP_UP_REQUIRED') asking.push(path);
  }
  expect(asking.sort()).toEqual([...DANGEROUS].sort());
});
