import { Button, Grid, Group, NumberInput, SegmentedControl, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useShopConfig } from '../app/hooks.ts';
import { useTrpc } from '../app/shop-context.tsx';
import { currencySymbol, fractionDigits } from '../lib/money-input.ts';
import { InlineError } from '../ui/states.tsx';
import { EMPTY_COUPON, fromCoupon, toCouponInput, validateCoupon } from './coupon-values.ts';
import { CouponScope } from './coupons/coupon-scope.tsx';
import type { CouponValues, DiscountKind } from './coupon-values.ts';

type Coupon = RouterOutputs['admin']['coupons']['byId'];

const KINDS: { value: DiscountKind; label: string }[] = [
  { value: 'percentage', label: 'Percentage' },
  { value: 'fixed', label: 'Amount' },
  { value: 'free_shipping', label: 'Free shipping' },
];

/** A new coupon, or one to change. Empty fields set no limit. */
export function CouponForm({ coupon, onDone }: { coupon?: Coupon; onDone: () => void }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const { data: config } = useShopConfig();
  const currency = coupon?.currency ?? config?.currency ?? 'USD';
  const initialValues = coupon ? fromCoupon(coupon) : EMPTY_COUPON;
  const form = useForm({ initialValues, validate: (values) => validateCoupon(values, currency) });
  const onSuccess = async () => {
    await queryClient.invalidateQueries(trpc.admin.coupons.pathFilter());
    onDone();
  };
  const create = useMutation(trpc.admin.coupons.create.mutationOptions({ onSuccess }));
  const update = useMutation(trpc.admin.coupons.update.mutationOptions({ onSuccess }));
  const save = (values: CouponValues) => {
    const input = toCouponInput(values, currency);
    if (coupon) update.mutate({ ...input, id: coupon.id, version: coupon.version });
    else create.mutate(input);
  };
  const money = {
    prefix: currencySymbol(currency),
    decimalScale: fractionDigits(currency),
    min: 0,
    hideControls: true,
  };
  const count = { min: 1, allowDecimal: false, hideControls: true };
  const { kind } = form.values;
  return (
    <form noValidate onSubmit={form.onSubmit(save)}>
      <Stack>
        <TextInput
          label="Code"
          description="Letters, digits, - and _"
          required
          maxLength={40}
          data-autofocus
          {...form.getInputProps('code')}
        />
        <SegmentedControl aria-label="Kind of discount" data={KINDS} fullWidth {...form.getInputProps('kind')} />
        <Grid gap="md">
          {kind === 'percentage' && (
            <>
              <Grid.Col span={{ base: 12, xs: 6 }}>
                <NumberInput
                  label="Percent"
                  suffix=" %"
                  min={0}
                  max={100}
                  decimalScale={2}
                  hideControls
                  required
                  {...form.getInputProps('percent')}
                />
              </Grid.Col>
              <Grid.Col span={{ base: 12, xs: 6 }}>
                <NumberInput label="At most" {...money} {...form.getInputProps('maximum')} />
              </Grid.Col>
            </>
          )}
          {kind === 'fixed' && (
            <Grid.Col span={{ base: 12, xs: 6 }}>
              <NumberInput label="Amount off" required {...money} {...form.getInputProps('amount')} />
            </Grid.Col>
          )}
          <Grid.Col span={{ base: 12, xs: 6 }}>
            <NumberInput label="Minimum order" {...money} {...form.getInputProps('minimum')} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, xs: 6 }}>
            <NumberInput label="Uses in all" {...count} {...form.getInputProps('totalLimit')} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, xs: 6 }}>
            <NumberInput label="Uses per customer" {...count} {...form.getInputProps('perCustomerLimit')} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, xs: 6 }}>
            <TextInput label="Starts" type="datetime-local" {...form.getInputProps('startsAt')} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, xs: 6 }}>
            <TextInput label="Ends" type="datetime-local" {...form.getInputProps('endsAt')} />
          </Grid.Col>
        </Grid>
        <CouponScope form={form} />
        <Switch label="Also for articles on sale" {...form.getInputProps('includeSaleItems', { type: 'checkbox' })} />
        <Switch label="Active" {...form.getInputProps('active', { type: 'checkbox' })} />
        <InlineError error={create.error ?? update.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Close
          </Button>
          <Button type="submit" loading={create.isPending || update.isPending}>
            {coupon ? 'Save' : 'Create coupon'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
