import type { Composition } from '@cartwright/composition';
import { isDomainError } from '@cartwright/domain-errors';
import { daysBefore } from './catalog-records.ts';
import type { DemoCoupon, DemoData } from './demo-data.ts';

/** The password of every demo account. */
export const DEMO_PASSWORD = 'cartwright-demo';
export const DEMO_ADMIN = { email: 'admin@cartwright.test', name: 'Alex Admin' };

type Services = Composition['services'];

/** Password hashes made at a time: one per core is busy enough. */
const HASHES_AT_ONCE = 4;

/** Makes the demo accounts that don't exist yet; returns how many those were. */
export async function seedAccounts(accounts: Services['accounts'], data: DemoData): Promise<number> {
  const wanted = [...data.customers, DEMO_ADMIN];
  const known = await accounts.byEmails(wanted.map(({ email }) => email));
  const missing = wanted.filter(({ email }) => !known.has(email));
  const queue = [...missing];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const account = { email: next.email, name: next.name, password: DEMO_PASSWORD };
      await (next.email === DEMO_ADMIN.email ? accounts.createAdmin(account) : accounts.createCustomer(account));
    }
  };
  await Promise.all(Array.from({ length: HASHES_AT_ONCE }, work));
  return missing.length;
}

type CouponInput = Parameters<Services['coupons']['create']>[0];

function toCouponInput(coupon: DemoCoupon, now: Date): CouponInput {
  const { note: _note, startsDaysAgo, endsDaysAgo, endsInDays, includeSaleItems, discount, ...rest } = coupon;
  const endsAt =
    endsDaysAgo === undefined
      ? endsInDays === undefined
        ? undefined
        : daysBefore(now, -endsInDays)
      : daysBefore(now, endsDaysAgo);
  const { maximum, ...percentage } = { maximum: undefined, ...discount };
  return {
    ...withoutUndefined(rest),
    code: coupon.code,
    discount: (maximum === undefined ? percentage : discount) as CouponInput['discount'],
    startsAt: daysBefore(now, startsDaysAgo),
    ...(endsAt ? { endsAt } : {}),
    includeSaleItems: includeSaleItems ?? true,
    active: true,
  };
}

/** Makes the demo coupons; those whose code is taken are left alone. Returns how many were new. */
export async function seedCoupons(coupons: Services['coupons'], data: DemoData, now: Date): Promise<number> {
  let fresh = 0;
  for (const coupon of data.coupons) {
    try {
      await coupons.create(toCouponInput(coupon, now));
      fresh += 1;
    } catch (error) {
      if (!isDomainError(error) || error.reason !== 'CODE_TAKEN') throw error;
    }
  }
  return fresh;
}

/** Imports the customers' reviews; those that exist are skipped. Returns how many were new. */
export async function seedReviews(
  importReviews: Composition['importReviews'],
  data: DemoData,
  now: Date,
): Promise<number> {
  const { imported } = await importReviews(
    data.reviews.map(({ product, author, rating, title, text, daysAgo, verified }) => ({
      productSlug: product,
      authorEmail: author,
      rating,
      ...(title === undefined ? {} : { title }),
      ...(text === undefined ? {} : { text }),
      verified: verified ?? false,
      createdAt: daysBefore(now, daysAgo),
    })),
  );
  return imported;
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
