import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const dataDir = fileURLToPath(new URL('../data/', import.meta.url));

const slug = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
const minorUnits = z.int().min(1);
/** Dates in the data are distances from the day of seeding, so that the shop always looks lived in. */
const days = z.number().min(0).max(1_000);

const categorySchema = z.strictObject({
  slug,
  name: z.string().min(1),
  parent: slug.optional(),
  position: z.int().min(0),
});
const brandSchema = z.strictObject({ slug, name: z.string().min(1) });

const variantSchema = z.strictObject({
  sku: z.string().min(3).max(64),
  options: z.record(z.string(), z.string()).optional(),
  price: minorUnits,
  salePrice: minorUnits.optional(),
  stock: z.int().min(0),
});

const productSchema = z.strictObject({
  slug,
  title: z.string().min(3).max(120),
  description: z.string().min(40).max(1_000),
  brand: slug,
  category: slug,
  /** Which drawing shows it. */
  motif: z.string(),
  /** Colour of the drawing where the product has no option that names one. */
  palette: z.string().optional(),
  taxClass: z.enum(['standard', 'reduced', 'zero']),
  listedDaysAgo: days,
  attributes: z.record(z.string(), z.string()),
  options: z.array(z.strictObject({ name: z.string(), values: z.array(z.string()).min(2) })).optional(),
  sale: z.strictObject({ fromDays: z.int(), untilDays: z.int() }).optional(),
  variants: z.array(variantSchema).min(1),
});

const addressSchema = z.strictObject({
  name: z.string(),
  line1: z.string(),
  city: z.string(),
  region: z.string().optional(),
  postalCode: z.string(),
  country: z.string().length(2),
});
const customerSchema = z.strictObject({
  email: z.email().endsWith('@cartwright.test'),
  name: z.string().min(3),
  joinedDaysAgo: days,
  address: addressSchema,
});

const reviewSchema = z.strictObject({
  product: slug,
  author: z.email(),
  rating: z.int().min(1).max(5),
  title: z.string().min(2).max(120).optional(),
  text: z.string().min(10).max(2_000).optional(),
  daysAgo: days,
  verified: z.boolean().optional(),
});

const orderSchema = z.strictObject({
  customer: z.email(),
  placedDaysAgo: days,
  lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int().min(1) })).min(1),
  coupon: z.string().optional(),
  shippingMethod: z.enum(['standard', 'express']),
  paymentMethod: z.enum(['stripe_checkout', 'cash_on_delivery']),
  state: z.enum(['pending', 'paid', 'processing', 'shipped', 'delivered', 'returned', 'refunded', 'canceled']),
});

const couponSchema = z.strictObject({
  code: z.string(),
  discount: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('fixed'), amount: minorUnits }),
    z.strictObject({ kind: z.literal('percentage'), basisPoints: minorUnits, maximum: minorUnits.optional() }),
    z.strictObject({ kind: z.literal('free_shipping') }),
  ]),
  minimum: minorUnits.optional(),
  totalLimit: minorUnits.optional(),
  perCustomerLimit: minorUnits.optional(),
  includeSaleItems: z.boolean().optional(),
  startsDaysAgo: days,
  endsDaysAgo: days.optional(),
  endsInDays: days.optional(),
  note: z.string(),
});

export type DemoCategory = z.infer<typeof categorySchema>;
export type DemoBrand = z.infer<typeof brandSchema>;
export type DemoProduct = z.infer<typeof productSchema>;
export type DemoCustomer = z.infer<typeof customerSchema>;
export type DemoReview = z.infer<typeof reviewSchema>;
export type DemoOrder = z.infer<typeof orderSchema>;
export type DemoCoupon = z.infer<typeof couponSchema>;

export interface DemoData {
  readonly categories: readonly DemoCategory[];
  readonly brands: readonly DemoBrand[];
  readonly products: readonly DemoProduct[];
  readonly customers: readonly DemoCustomer[];
  readonly reviews: readonly DemoReview[];
  readonly orders: readonly DemoOrder[];
  readonly coupons: readonly DemoCoupon[];
}

function readJson<T>(file: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(JSON.parse(readFileSync(`${dataDir}${file}`, 'utf8')));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return result.data;
}

const readFolder = <T>(folder: string, schema: z.ZodType<T[]>): T[] =>
  readdirSync(`${dataDir}${folder}`)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => readJson(`${folder}/${file}`, schema));

/** Reads and checks the demo shop's data files. Throws naming the file and every wrong field. */
export function readDemoData(): DemoData {
  return {
    categories: readJson('categories.json', z.array(categorySchema)),
    brands: readJson('brands.json', z.array(brandSchema)),
    products: readFolder('products', z.array(productSchema)),
    customers: readJson('customers.json', z.array(customerSchema)),
    reviews: readFolder('reviews', z.array(reviewSchema)),
    orders: readJson('orders.json', z.array(orderSchema)),
    coupons: readJson('coupons.json', z.array(couponSchema)),
  };
}
