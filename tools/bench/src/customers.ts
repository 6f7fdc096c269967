import { composeShop, type Composition } from '@cartwright/composition';
import { loadConfig } from '@cartwright/platform-config';

export interface BenchCustomer {
  readonly email: string;
  readonly password: string;
  readonly id: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

const PASSWORD = 'a long enough password';
const AT_ONCE = 4;

/** Makes customers with verified addresses and signs each in, by the shop's own services. */
export async function makeCustomers(
  env: Readonly<Record<string, string>>,
  count: number,
  nextAddress: () => string,
): Promise<BenchCustomer[]> {
  const shop: Composition = await composeShop(loadConfig(env), { name: 'bench' });
  try {
    // They order again and again, and nobody sends anything.
    await shop.services.shopSettings.update({ maximumPendingOrders: 1_000 });
    const customers: BenchCustomer[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < count) {
        const email = `buyer-${(next += 1)}@bench.cartwright.test`;
        const { id } = await shop.services.accounts.createCustomer({ email, name: 'Bench Buyer', password: PASSWORD });
        const signedIn = await shop.services.auth.login(
          { email, password: PASSWORD },
          { ip: nextAddress(), userAgent: 'bench' },
        );
        if (signedIn.status !== 'ok') throw new Error(`${email} has a second factor`);
        const { accessToken, refreshToken, sessionId } = signedIn;
        customers.push({ id, email, password: PASSWORD, accessToken, refreshToken, sessionId });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return customers;
  } finally {
    await shop.close();
  }
}
