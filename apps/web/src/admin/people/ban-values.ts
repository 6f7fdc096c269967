import { momentOf } from '../../lib/moments.ts';

/** What the form for a ban holds; moments as the browser's fields write them, in the reader's own time. */
export interface BanValues {
  reason: string;
  begins: 'now' | 'later';
  from: string;
  ends: 'never' | 'later';
  until: string;
}

export const EMPTY_BAN: BanValues = { reason: '', begins: 'now', from: '', ends: 'never', until: '' };

/** What is wrong with a ban, by field; the shop checks it again. */
export function validateBan(values: BanValues, now: Date): Partial<Record<keyof BanValues, string>> {
  const from = values.begins === 'later' ? momentOf(values.from) : now;
  const until = values.ends === 'later' ? momentOf(values.until) : undefined;
  return {
    ...(values.reason.trim() === '' ? { reason: 'Say why: the customer reads it' } : {}),
    ...(values.begins === 'later' && (!from || from <= now) ? { from: 'Choose a moment to come' } : {}),
    ...(values.ends === 'later' && (!until || until <= (from ?? now))
      ? { until: 'Choose a moment after the start' }
      : {}),
  };
}

/** The ban as the shop takes it. */
export function toBanInput(userId: string, { reason, begins, from, ends, until }: BanValues) {
  const start = begins === 'later' ? momentOf(from) : undefined;
  const end = ends === 'later' ? momentOf(until) : undefined;
  return { userId, reason: reason.trim(), ...(start ? { from: start } : {}), ...(end ? { until: end } : {}) };
}
