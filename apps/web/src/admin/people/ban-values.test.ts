import { describe, expect, it } from 'vitest';
import { EMPTY_BAN, toBanInput, validateBan } from './ban-values.ts';

const now = new Date('2026-03-01T10:00:00');

describe('a ban’s form', () => {
  it('takes a reason alone: now and for good', () => {
    const values = { ...EMPTY_BAN, reason: ' Fraud ' };
    expect(validateBan(values, now)).toEqual({});
    expect(toBanInput('u1', values)).toEqual({ userId: 'u1', reason: 'Fraud' });
  });

  it('leaves out dates that were typed and then not chosen', () => {
    const values = { ...EMPTY_BAN, reason: 'Fraud', from: '2026-03-02T10:00', until: '2026-03-03T10:00' };
    expect(toBanInput('u1', values)).toEqual({ userId: 'u1', reason: 'Fraud' });
  });

  it('takes moments in the reader’s time', () => {
    const values = {
      ...EMPTY_BAN,
      reason: 'Fraud',
      begins: 'later',
      from: '2026-03-02T10:00',
      ends: 'later',
      until: '2026-03-03T10:00',
    } as const;
    expect(validateBan(values, now)).toEqual({});
    expect(toBanInput('u1', values)).toMatchObject({
      from: new Date('2026-03-02T10:00'),
      until: new Date('2026-03-03T10:00'),
    });
  });

  it.each([
    [{ ...EMPTY_BAN, reason: '  ' }, 'reason'],
    [{ ...EMPTY_BAN, reason: 'x', begins: 'later' as const }, 'from'],
    [{ ...EMPTY_BAN, reason: 'x', begins: 'later' as const, from: '2026-02-28T10:00' }, 'from'],
    [{ ...EMPTY_BAN, reason: 'x', ends: 'later' as const, until: '2026-02-28T10:00' }, 'until'],
    [
      {
        ...EMPTY_BAN,
        reason: 'x',
        begins: 'later' as const,
        from: '2026-03-03T10:00',
        ends: 'later' as const,
        until: '2026-03-02T10:00',
      },
      'until',
    ],
  ])('refuses %o', (values, field) => {
    expect(Object.keys(validateBan(values, now))).toEqual([field]);
  });
});
