import { DomainError } from '@cartwright/domain-errors';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { ShopSettingsPort, ShopSettingsSource } from '../orders.ports.ts';
import { createStaticShopSettings, type ShopSettingsData } from '../shop-settings.ts';
import type {
  CreateTaxRateInput,
  SettingsDto,
  ShippingMethodInput,
  ShippingRuleDto,
  TaxClassDto,
  TaxRateDto,
  UpdateSettingsInput,
} from './settings.contracts.ts';
import type { SettingsRepository } from './settings-repository.ts';
import {
  addClass,
  addMethod,
  addRate,
  changeRate,
  rateId,
  removeClass,
  removeMethod,
  removeRate,
  renameClass,
  replaceMethod,
  withLimits,
  type ShopFacts,
  type ShopRules,
} from './settings.ts';

/** For so long what was read counts as what is; with the reading itself, a change is seen everywhere within a second. */
const FRESH_MS = 500;
const ATTEMPTS = 8;

/** What no administrator sets: it comes with the deployment. */
export type ShopBase = Omit<ShopSettingsData, 'shipping' | 'tax' | keyof ShopRules['limits']>;

interface Known {
  readonly version: number;
  readonly rules: ShopRules;
}

/** The shop's settings: as checkout goes by them, and as administrators change them. */
export function createShopSettings({
  mongo,
  repository,
  defaults,
  base,
  countries,
  goods,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  repository: SettingsRepository;
  /** How the shop came: what counts until an administrator changes anything. */
  defaults: ShopRules;
  base: ShopBase;
  countries: readonly { readonly code: string; readonly name: string }[];
  /** Whether anything that is sold is taxed by a class, as the transaction sees it. */
  goods: { hasTaxClass(id: string, tx: Tx): Promise<boolean> };
  clock: () => Date;
}) {
  const facts: ShopFacts = { currency: base.currency, countries: countries.map(({ code }) => code) };
  let seen: { known: Known; port: ShopSettingsPort; readAt: number } | undefined;
  let reading: Promise<ShopSettingsPort> | undefined;

  async function read(tx?: Tx): Promise<Known> {
    const doc = await repository.read(tx);
    return doc ? { version: doc.version, rules: doc.rules } : { version: 0, rules: defaults };
  }

  async function renew(): Promise<ShopSettingsPort> {
    const readAt = performance.now();
    const known = await read();
    const port = seen?.known.version === known.version ? seen.port : portOf(base, known.rules);
    seen = { known, port, readAt };
    return port;
  }

  /** Reads, changes and writes; anew when somebody else was faster. */
  async function change(operation: (rules: ShopRules) => ShopRules): Promise<ShopRules> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { version, rules } = await read();
      const next = operation(rules);
      if (await repository.write(next, { version, updatedAt: clock() })) {
        seen = undefined;
        return next;
      }
    }
    throw new DomainError('VERSION_CONFLICT', { what: 'settings' });
  }

  const source: ShopSettingsSource = {
    async current() {
      if (seen && performance.now() - seen.readAt < FRESH_MS) return seen.port;
      return (reading ??= renew().finally(() => (reading = undefined)));
    },
  };

  const toRate = (rate: Omit<TaxRateDto, 'id'>): TaxRateDto => ({ id: rateId(rate), ...rate });
  const found = <T>(records: readonly T[], isIt: (record: T) => boolean): T => {
    const record = records.find(isIt);
    if (!record) throw new Error('What was just written is not there');
    return record;
  };

  async function settings(): Promise<SettingsDto> {
    const { version, rules } = await read();
    const { currency, taxMode } = base;
    return { ...rules.limits, currency, taxMode, countries: countries.map((country) => ({ ...country })), version };
  }

  return {
    ...source,
    get: settings,
    /** Changes limits; what is left out stays. Orders that exist keep their clocks. Throws INVALID_INPUT. */
    async update(input: UpdateSettingsInput): Promise<SettingsDto> {
      await change((rules) => withLimits(rules, input));
      return settings();
    },

    shippingMethods: {
      list: async (): Promise<ShippingRuleDto[]> => [...(await read()).rules.shipping],
      /** Throws CODE_TAKEN or INVALID_INPUT. */
      async create(input: ShippingMethodInput): Promise<ShippingRuleDto> {
        const { shipping } = await change((rules) => addMethod(rules, input, facts));
        return found(shipping, ({ id }) => id === input.id);
      },
      /** Throws NOT_FOUND or INVALID_INPUT. */
      async update(input: ShippingMethodInput): Promise<ShippingRuleDto> {
        const { shipping } = await change((rules) => replaceMethod(rules, input, facts));
        return found(shipping, ({ id }) => id === input.id);
      },
      /** Throws NOT_FOUND or LAST_SHIPPING_METHOD. */
      remove: async (id: string): Promise<void> => void (await change((rules) => removeMethod(rules, id))),
    },

    taxClasses: {
      list: async (): Promise<TaxClassDto[]> => [...(await read()).rules.taxClasses],
      /** Throws CODE_TAKEN. */
      async create(input: TaxClassDto): Promise<TaxClassDto> {
        await change((rules) => addClass(rules, input));
        return input;
      },
      /** Throws NOT_FOUND. */
      async update(input: TaxClassDto): Promise<TaxClassDto> {
        await change((rules) => renameClass(rules, input));
        return input;
      },
      /** Throws NOT_FOUND, or IN_USE, also for that of a product: without its class it would be sold without tax. */
      async remove(id: string): Promise<void> {
        await mongo.transaction(async (tx) => {
          await repository.holdTaxClass(id, tx);
          if (await goods.hasTaxClass(id, tx)) throw new DomainError('IN_USE', { what: 'product' });
          const { version, rules } = await read(tx);
          await repository.write(removeClass(rules, id), { version, updatedAt: clock() }, tx);
        });
        seen = undefined;
      },
      /**
       * Whether there is such a class, for a transaction that gives it to a product: nobody removes it before that is done,
       * or the transaction runs again.
       */
      async hold(id: string, tx: Tx): Promise<boolean> {
        await repository.holdTaxClass(id, tx);
        return (await read(tx)).rules.taxClasses.some((one) => one.id === id);
      },
    },

    taxRates: {
      list: async (): Promise<TaxRateDto[]> => (await read()).rules.taxRates.map(toRate),
      /** Throws CODE_TAKEN or INVALID_INPUT. */
      async create(input: CreateTaxRateInput): Promise<TaxRateDto> {
        await change((rules) => addRate(rules, input, facts));
        return toRate(input);
      },
      /** Throws NOT_FOUND. */
      async update({ id, basisPoints }: { id: string; basisPoints: number }): Promise<TaxRateDto> {
        const { taxRates } = await change((rules) => changeRate(rules, id, basisPoints));
        return toRate(found(taxRates, (rate) => rateId(rate) === id));
      },
      /** Throws NOT_FOUND. */
      remove: async (id: string): Promise<void> => void (await change((rules) => removeRate(rules, id))),
    },
  };
}

export type ShopSettings = ReturnType<typeof createShopSettings>;

function portOf(base: ShopBase, { limits, shipping, taxRates }: ShopRules): ShopSettingsPort {
  const tax: Record<string, Record<string, number>> = { default: {} };
  for (const { country = 'default', taxClass, basisPoints } of taxRates) {
    (tax[country] ??= {})[taxClass] = basisPoints;
  }
  return createStaticShopSettings({ ...base, ...limits, shipping, tax });
}
