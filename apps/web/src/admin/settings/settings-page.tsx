import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useShopConfig } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { LimitsForm } from './limits-form.tsx';
import { SettingsSection } from './settings-section.tsx';
import type { Settings } from './settings-section.tsx';
import { ShippingMethods } from './shipping-methods.tsx';
import { TaxClasses } from './tax-classes.tsx';
import { TaxRates } from './tax-rates.tsx';

/** The form begins anew when somebody changes its limits, and keeps what is typed when they change anything else. */
const limitsKey = (settings: Settings): string => {
  const { stockHoldSeconds, orderExpirySeconds, maximumPendingOrders, maximumPendingPerNetwork } = settings;
  return [stockHoldSeconds, orderExpirySeconds, maximumPendingOrders, maximumPendingPerNetwork].join();
};

/** Shipping, tax and limits. Each change counts for the next quote, on every instance within a second. */
export function SettingsPage() {
  const trpc = useTrpc();
  const settings = useQuery(trpc.admin.settings.get.queryOptions(undefined, { staleTime: 0 }));
  const methods = useQuery(trpc.admin.shipping.methods.list.queryOptions(undefined, { staleTime: 0 }));
  const classes = useQuery(trpc.admin.tax.classes.list.queryOptions(undefined, { staleTime: 0 }));
  const rates = useQuery(trpc.admin.tax.rates.list.queryOptions(undefined, { staleTime: 0 }));
  const config = useShopConfig();
  const failed = [settings, methods, classes, rates, config].find(({ isError, data }) => isError && !data);
  if (failed) {
    return (
      <Page title="Settings">
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      </Page>
    );
  }
  if (!settings.data || !methods.data || !classes.data || !rates.data || !config.data) {
    return (
      <Page title="Settings">
        <Skeleton h={420} role="status" aria-label="Loading the settings" />
      </Page>
    );
  }
  return (
    <Page title="Settings" description="Carts and quotes go by what stands here within a second.">
      <Stack gap="lg">
        <ShippingMethods settings={settings.data} methods={methods.data.items} classes={classes.data.items} />
        <TaxRates settings={settings.data} rates={rates.data.items} classes={classes.data.items} />
        <TaxClasses classes={classes.data.items} />
        <SettingsSection
          id="currency"
          title="Currency"
          text="All prices, shipping and coupons are in it. It is set once, when the shop is installed (SHOP_CURRENCY)."
        >
          <Text fw={600} data-testid="shop-currency">
            {config.data.currency}
          </Text>
        </SettingsSection>
        <LimitsForm key={limitsKey(settings.data)} settings={settings.data} />
      </Stack>
    </Page>
  );
}
