import { parseArgs } from 'node:util';

export interface CliOptions {
  readonly products: number | undefined;
  readonly ifEmpty: boolean;
  readonly skipOrders: boolean;
  readonly help: boolean;
}

export const USAGE = `Usage: npm run seed -- [options]

Loads the demo catalog with customers, coupons, reviews and past orders. Running it again changes nothing.

  --products N    N products altogether, for load tests (up to 1,000,000)
  --if-empty      do nothing when the shop has products
  --skip-orders   without past orders
`;

const MOST_PRODUCTS = 1_000_000;

/** Reads the command line. Throws with a sentence for people when it is wrong. */
export function parseOptions(argv: readonly string[]): CliOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      products: { type: 'string' },
      'if-empty': { type: 'boolean', default: false },
      'skip-orders': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const products = values.products === undefined ? undefined : Number(values.products);
  if (products !== undefined && !(Number.isInteger(products) && products >= 1 && products <= MOST_PRODUCTS)) {
    throw new Error(`--products has to be a whole number up to ${MOST_PRODUCTS}`);
  }
  return { products, ifEmpty: values['if-empty'], skipOrders: values['skip-orders'], help: values.help };
}
