import { anyMail, defineMail, type MailBlock, type MailContent, type MailShop } from '@cartwright/platform-mail';
import { z } from 'zod';
import { accountTokenOf } from './account-tokens.ts';
import { TWO_FACTOR_CHANGES } from './accounts.events.ts';

const text = (words: string): MailBlock => ({ kind: 'text', text: words });
const IGNORE = text('If this was not you, ignore this mail: nothing changes without the link.');

/** Names are left out: whoever registers chooses a name and an address, and must not write to strangers in ours. */
const content = (shop: MailShop, words: string, blocks: readonly MailBlock[]): MailContent => ({
  subject: `${shop.name}: ${words}`,
  heading: words,
  blocks,
});

const seeded = z.object({ seed: z.string() });
const atMoment = z.object({ at: z.date() });

/** A moment as mails write it: in UTC, since nobody knows where it is read. */
const moment = (date: Date, { locale }: MailShop): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(date) + ' UTC';

/** How a change of the second factor reads: as a heading, and as what happened. */
const TWO_FACTOR_WORDS: Readonly<Record<(typeof TWO_FACTOR_CHANGES)[number], readonly [string, string]>> = {
  enabled: [
    'two-factor authentication is on',
    'a second factor was turned on: signing in takes a code of an authenticator app from now on',
  ],
  disabled: ['two-factor authentication is off', 'the second factor of your account was turned off'],
  codes_renewed: ['you have new recovery codes', 'new recovery codes were made; those before are good no more'],
  code_used: ['a recovery code was used', 'one of your recovery codes was used in place of your authenticator app'],
};

/** The mails of accounts. Links carry their token behind a `#`, which browsers send to no server. */
export function createAccountMails({ secret }: { secret: string }) {
  const link = (path: string, seed: string, label: string): MailBlock => ({
    kind: 'button',
    label,
    path: `${path}#${accountTokenOf(secret, seed)}`,
  });

  return {
    verify: defineMail({
      name: 'account.verify',
      data: seeded,
      compose: ({ seed }, shop) =>
        content(shop, 'confirm your e-mail address', [
          text('Please confirm that this address is yours. The link is good for three days.'),
          link('/verify-email', seed, 'Confirm my address'),
          IGNORE,
        ]),
    }),
    reset: defineMail({
      name: 'account.reset',
      data: seeded,
      compose: ({ seed }, shop) =>
        content(shop, 'choose a new password', [
          text('Somebody asked for a new password for your account. The link is good for an hour and works once.'),
          link('/reset-password', seed, 'Choose a new password'),
          IGNORE,
        ]),
    }),
    passwordChanged: defineMail({
      name: 'account.password-changed',
      data: atMoment,
      compose: ({ at }, shop) =>
        content(shop, 'your password was changed', [
          text(`The password of your account was changed on ${moment(at, shop)}.`),
          text('If this was not you, choose a new password at once: that signs out every device.'),
          { kind: 'button', label: 'Choose a new password', path: '/forgot-password' },
        ]),
    }),
    emailChange: defineMail({
      name: 'account.email-change',
      data: seeded,
      compose: ({ seed }, shop) =>
        content(shop, 'confirm your new e-mail address', [
          text('Please confirm that your account shall use this address. The link is good for a day.'),
          link('/confirm-email', seed, 'Use this address'),
          IGNORE,
        ]),
    }),
    emailUndo: defineMail({
      name: 'account.email-undo',
      data: z.object({ seed: z.string(), at: z.date() }),
      compose: ({ seed, at }, shop) =>
        content(shop, 'your e-mail address was changed', [
          text(`Since ${moment(at, shop)} your account uses another address, and no longer this one.`),
          text(
            'If this was not you, take it back within seven days. Every device is signed out then, and you choose a new password.',
          ),
          link('/undo-email-change', seed, 'Take my account back'),
        ]),
    }),
    twoFactorChanged: defineMail({
      name: 'account.two-factor-changed',
      data: z.object({ change: z.enum(TWO_FACTOR_CHANGES), at: z.date(), seed: z.string().optional() }),
      compose: ({ change, at, seed }, shop) => {
        const [heading, happened] = TWO_FACTOR_WORDS[change];
        const takeBack = seed === undefined ? [] : [link('/undo-email-change', seed, 'Take my account back')];
        return content(shop, heading, [
          text(`On ${moment(at, shop)} ${happened}.`),
          ...(seed === undefined
            ? [text('If this was not you, choose a new password at once, and tell us.')]
            : [
                text(
                  'If this was not you, take your account back within seven days: the second factor goes, every device is signed out, and you choose a new password.',
                ),
              ]),
          ...takeBack,
          { kind: 'button', label: 'Look at my security settings', path: '/account/security' },
        ]);
      },
    }),
    removalAsked: defineMail({
      name: 'account.removal-asked',
      data: z.object({ seed: z.string(), dueAt: z.date() }),
      compose: ({ seed, dueAt }, shop) =>
        content(shop, 'your account will be removed', [
          text(`As you asked, your account and what we know of you will be deleted on ${moment(dueAt, shop)}.`),
          text('Until then you can keep it: by this link, or by signing in.'),
          link('/keep-account', seed, 'Keep my account'),
        ]),
    }),
    invite: defineMail({
      name: 'account.invite',
      data: z.object({ seed: z.string(), role: z.enum(['customer', 'staff', 'admin']) }),
      compose: ({ seed, role }, shop) =>
        content(shop, 'you are invited', [
          text(
            role === 'customer'
              ? `There is an account for you at ${shop.name}. Choose a password to use it.`
              : `You are invited to work on ${shop.name}. Choose a password to begin.`,
          ),
          text('The link is good for a week and works once.'),
          link('/accept-invite', seed, 'Choose a password'),
          text('If you do not know what this is about, ignore this mail.'),
        ]),
    }),
    twoFactorReset: defineMail({
      name: 'account.two-factor-reset',
      data: atMoment,
      compose: ({ at }, shop) =>
        content(shop, 'two-factor authentication is off', [
          text(`An administrator took the second factor off your account on ${moment(at, shop)}.`),
          text('Sign in with your password and set it up again. If you did not ask for this, tell us at once.'),
          { kind: 'button', label: 'Set it up again', path: '/account/security' },
        ]),
    }),
    removed: defineMail({
      name: 'account.removed',
      data: z.object({}),
      compose: (_data, shop) =>
        content(shop, 'your account is removed', [
          text(
            'Your account is deleted, with its addresses, carts and notifications. What you ordered is kept as the law asks, and no longer tied to an account.',
          ),
        ]),
    }),
  };
}

export type AccountMails = ReturnType<typeof createAccountMails>;

/** Their templates, for whoever delivers mail. */
export const accountMailTemplates = (options: { secret: string }) => {
  const mails = createAccountMails(options);
  return [
    anyMail(mails.verify),
    anyMail(mails.reset),
    anyMail(mails.passwordChanged),
    anyMail(mails.emailChange),
    anyMail(mails.emailUndo),
    anyMail(mails.twoFactorChanged),
    anyMail(mails.removalAsked),
    anyMail(mails.removed),
    anyMail(mails.invite),
    anyMail(mails.twoFactorReset),
  ];
};
