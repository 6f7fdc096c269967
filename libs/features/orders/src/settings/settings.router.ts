import { requirePermission, router } from '@cartwright/api-core';
import {
  createShippingMethodInput,
  createTaxClassInput,
  createTaxRateInput,
  recordIdInput,
  removedOutput,
  settingsOutput,
  shippingMethodsOutput,
  shippingRuleSchema,
  taxClassesOutput,
  taxClassSchema,
  taxRateSchema,
  taxRatesOutput,
  updateSettingsInput,
  updateShippingMethodInput,
  updateTaxClassInput,
  updateTaxRateInput,
} from './settings.contracts.ts';
import type { ShopSettings } from './settings-service.ts';

const reading = requirePermission('settings.manage');
const writing = (kind: string, fields: readonly string[] = []) =>
  requirePermission('settings.manage', { target: { kind, field: 'id' }, fields });
const LIMITS = ['stockHoldSeconds', 'orderExpirySeconds', 'maximumPendingOrders', 'maximumPendingPerNetwork'];
const done = { ok: true } as const;

/** `admin.settings.*` */
export function createAdminSettingsRouter({ shopSettings }: { shopSettings: ShopSettings }) {
  return router({
    get: reading.output(settingsOutput).query(() => shopSettings.get()),
    update: requirePermission('settings.manage', { fields: LIMITS })
      .input(updateSettingsInput)
      .output(settingsOutput)
      .mutation(({ input }) => shopSettings.update(input)),
  });
}

/** `admin.shipping.*` */
export function createAdminShippingRouter({ shopSettings }: { shopSettings: ShopSettings }) {
  const kind = 'shipping method';
  return router({
    methods: router({
      list: reading
        .output(shippingMethodsOutput)
        .query(async () => ({ items: await shopSettings.shippingMethods.list() })),
      create: writing(kind, ['amount'])
        .input(createShippingMethodInput)
        .output(shippingRuleSchema)
        .mutation(({ input }) => shopSettings.shippingMethods.create(input)),
      update: writing(kind, ['amount', 'freeFrom', 'taxClass'])
        .input(updateShippingMethodInput)
        .output(shippingRuleSchema)
        .mutation(({ input }) => shopSettings.shippingMethods.update(input)),
      remove: writing(kind)
        .input(recordIdInput)
        .output(removedOutput)
        .mutation(async ({ input }) => {
          await shopSettings.shippingMethods.remove(input.id);
          return done;
        }),
    }),
  });
}

/** `admin.tax.*` */
export function createAdminTaxRouter({ shopSettings }: { shopSettings: ShopSettings }) {
  return router({
    classes: router({
      // Whoever works on products chooses one of them.
      list: requirePermission('catalog.read')
        .output(taxClassesOutput)
        .query(async () => ({ items: await shopSettings.taxClasses.list() })),
      create: writing('tax class')
        .input(createTaxClassInput)
        .output(taxClassSchema)
        .mutation(({ input }) => shopSettings.taxClasses.create(input)),
      update: writing('tax class')
        .input(updateTaxClassInput)
        .output(taxClassSchema)
        .mutation(({ input }) => shopSettings.taxClasses.update(input)),
      remove: writing('tax class')
        .input(recordIdInput)
        .output(removedOutput)
        .mutation(async ({ input }) => {
          await shopSettings.taxClasses.remove(input.id);
          return done;
        }),
    }),
    rates: router({
      list: reading.output(taxRatesOutput).query(async () => ({ items: await shopSettings.taxRates.list() })),
      create: writing('tax rate', ['taxClass', 'country', 'basisPoints'])
        .input(createTaxRateInput)
        .output(taxRateSchema)
        .mutation(({ input }) => shopSettings.taxRates.create(input)),
      update: writing('tax rate', ['basisPoints'])
        .input(updateTaxRateInput)
        .output(taxRateSchema)
        .mutation(({ input }) => shopSettings.taxRates.update(input)),
      remove: writing('tax rate')
        .input(recordIdInput)
        .output(removedOutput)
        .mutation(async ({ input }) => {
          await shopSettings.taxRates.remove(input.id);
          return done;
        }),
    }),
  });
}
