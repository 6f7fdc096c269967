import { Button, Grid, Group, NumberInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { SettingsSection, useSettingsChanged, type Settings } from './settings-section.tsx';

const MINUTE = 60;
const count = { min: 1, allowDecimal: false, required: true };

/** How long unpaid orders hold what they hold, and how many there may be. */
export function LimitsForm({ settings }: { settings: Settings }) {
  const trpc = useTrpc();
  const form = useForm({
    initialValues: {
      hold: settings.stockHoldSeconds / MINUTE,
      expiry: settings.orderExpirySeconds / MINUTE,
      orders: settings.maximumPendingOrders,
      perNetwork: settings.maximumPendingPerNetwork,
    },
    validate: {
      hold: (hold, { expiry }) => (hold > expiry ? 'Not longer than the order itself' : null),
    },
  });
  const changed = useSettingsChanged(() => notifications.show({ color: 'pine', message: 'The limits are saved.' }));
  const update = useMutation(trpc.admin.settings.update.mutationOptions(changed));
  return (
    <SettingsSection id="limits" title="Unpaid orders" text="Orders that exist keep the times they were placed with.">
      <form
        noValidate
        onSubmit={form.onSubmit(({ hold, expiry, orders, perNetwork }) =>
          update.mutate({
            stockHoldSeconds: Math.round(hold * MINUTE),
            orderExpirySeconds: Math.round(expiry * MINUTE),
            maximumPendingOrders: orders,
            maximumPendingPerNetwork: perNetwork,
          }),
        )}
      >
        <Stack>
          <Grid gap="md">
            <Grid.Col span={{ base: 12, xs: 6 }}>
              <NumberInput
                label="Stock is held for"
                suffix=" minutes"
                min={1}
                required
                {...form.getInputProps('hold')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, xs: 6 }}>
              <NumberInput
                label="Canceled after"
                suffix=" minutes"
                min={1}
                required
                {...form.getInputProps('expiry')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, xs: 6 }}>
              <NumberInput
                label="Unpaid orders of a customer"
                description="Of guests: by e-mail"
                {...count}
                {...form.getInputProps('orders')}
              />
            </Grid.Col>
            <Grid.Col span={{ base: 12, xs: 6 }}>
              <NumberInput
                label="Unpaid guest orders of a network"
                description="Many people may share one"
                {...count}
                {...form.getInputProps('perNetwork')}
              />
            </Grid.Col>
          </Grid>
          <InlineError error={update.error} />
          <Group justify="flex-end">
            <Button type="submit" loading={update.isPending}>
              Save limits
            </Button>
          </Group>
        </Stack>
      </form>
    </SettingsSection>
  );
}
