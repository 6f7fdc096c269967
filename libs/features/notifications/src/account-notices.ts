import { userBanned, userRoleChanged, userTwoFactorChanged, userUnbanned } from '@cartwright/feature-accounts';
import { defineMail, type MailBlock, type MailContent } from '@cartwright/platform-mail';
import { z } from 'zod';
import { defineNotification, defineStoredNotification } from './define-notification.ts';

/** News of one's own account: nobody can do without them. */
const ALWAYS = { in_app: { default: true, switchable: false }, mail: { default: true, switchable: false } };

const ROLE_WORDS = { customer: 'a customer', staff: 'a member of the staff', admin: 'an administrator' } as const;
const roleSchema = z.enum(['customer', 'staff', 'admin']);

const text = (words: string): MailBlock => ({ kind: 'text', text: words });

/** A moment as mails tell it: readers may be anywhere, so the zone is named. */
const momentWords = (moment: Date, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(moment) + ' UTC';

const bannedMail = defineMail({
  name: 'account.banned',
  data: z.object({ reason: z.string(), until: z.date().optional() }),
  compose: ({ reason, until }, shop): MailContent => ({
    subject: `${shop.name}: your account is blocked`,
    heading: 'Your account is blocked',
    blocks: [
      text(`Reason: ${reason}`),
      text(
        until
          ? `You can sign in again from ${momentWords(until, shop.locale)} on.`
          : 'You can not sign in any more. Please answer this mail if you think that this is a mistake.',
      ),
      text('Orders that were not paid are canceled; those that are paid are looked at before they are sent.'),
    ],
  }),
});

const unbannedMail = defineMail({
  name: 'account.unbanned',
  data: z.object({}),
  compose: (_data, shop): MailContent => ({
    subject: `${shop.name}: your account is open again`,
    heading: 'Your account is open again',
    blocks: [text('You can sign in and order as before.'), { kind: 'button', label: 'Sign in', path: '/sign-in' }],
  }),
});

const roleChangedMail = defineMail({
  name: 'account.role_changed',
  data: z.object({ role: roleSchema }),
  compose: ({ role }, shop): MailContent => ({
    subject: `${shop.name}: your role has changed`,
    heading: `You are now ${ROLE_WORDS[role]} of ${shop.name}`,
    blocks: [text('An administrator has changed what your account may do. It holds from now on.')],
  }),
});

const TWO_FACTOR_WORDS = {
  enabled: ['Two-factor sign-in is on', 'Signing in takes a code of an authenticator app from now on.'],
  disabled: ['Two-factor sign-in is off', 'The password alone signs in again.'],
  codes_renewed: ['You have new recovery codes', 'Those before are good no more.'],
  code_used: ['A recovery code was used', 'It is good no more. Make new ones before they run out.'],
} as const;
const NOT_YOU = 'If this was not you, choose a new password at once.';

/** What people are told of their accounts. */
export const accountNotices = {
  'account.banned': defineNotification({
    label: 'Your account is blocked',
    event: userBanned,
    channels: ALWAYS,
    template: bannedMail,
    tell: ({ payload: { userId, email, banId, reason, until } }) => ({
      ...{ userId, about: banId, title: 'Your account was blocked', body: `Reason: ${reason}`, data: {} },
      mail: { to: email, data: { reason, ...(until ? { until } : {}) } },
    }),
  }),
  'account.unbanned': defineNotification({
    label: 'Your account is open again',
    event: userUnbanned,
    channels: ALWAYS,
    template: unbannedMail,
    tell: ({ payload: { userId, email, banId } }) => ({
      ...{ userId, about: banId, title: 'Your account is open again', body: 'You can order as before.', data: {} },
      mail: { to: email, data: {} },
    }),
  }),
  'account.two_factor_changed': defineStoredNotification({
    label: 'Your two-factor sign-in changes',
    event: userTwoFactorChanged,
    channels: { in_app: ALWAYS.in_app },
    tell: ({ id, payload: { userId, change } }) => {
      const [title, body] = TWO_FACTOR_WORDS[change];
      // It can change again and again.
      return { userId, about: id, title, body: `${body} ${NOT_YOU}`, link: '/account/security', data: {} };
    },
  }),
  'account.role_changed': defineNotification({
    label: 'Your role in the shop changes',
    event: userRoleChanged,
    channels: ALWAYS,
    template: roleChangedMail,
    tell: ({ payload: { userId, email, to }, aggregateVersion }) => ({
      // A role can change again and again.
      ...{ userId, about: `${userId}/${aggregateVersion}`, title: 'Your role has changed', data: {} },
      body: `You are now ${ROLE_WORDS[to]}.`,
      mail: { to: email, data: { role: to } },
    }),
  }),
};
