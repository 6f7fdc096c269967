import { Badge, Button, Group, Modal, Paper, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { reasonOf } from '../../lib/errors.ts';
import { formatMoney } from '../../lib/money.ts';
import { TextLink } from '../../ui/links.tsx';
import { AdminNotFoundPage } from '../admin-not-found-page.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState, InlineError } from '../../ui/states.tsx';
import { CouponForm } from '../coupon-form.tsx';
import { discountWords, runWords } from '../coupon-words.ts';
import { CouponRedemptions } from './coupon-redemptions.tsx';

type Coupon = RouterOutputs['admin']['coupons']['byId'];

const route = getRouteApi('/admin/coupons/$couponId');

/** One coupon: its rules, what its uses come to, and the orders that used it. */
export function AdminCouponPage() {
  const { couponId } = route.useParams();
  const coupon = useQuery(useTrpc().admin.coupons.byId.queryOptions({ id: couponId }, { staleTime: 0 }));
  const [editing, edit] = useDisclosure(false);
  const [removing, remove] = useDisclosure(false);
  if (coupon.isPending) {
    return (
      <Page title="Coupon">
        <Skeleton h={300} role="status" aria-label="Loading the coupon" />
      </Page>
    );
  }
  const { data } = coupon;
  if (!data) {
    if (reasonOf(coupon.error) === 'NOT_FOUND') {
      return <AdminNotFoundPage title="There is no such coupon" description="It may have been deleted." />;
    }
    return (
      <Page title="Coupon">
        <ErrorState error={coupon.error} onRetry={() => void coupon.refetch()} />
      </Page>
    );
  }
  return (
    <Page
      title={data.code}
      breadcrumbs={
        <TextLink to="/admin/coupons" size="sm" c="dimmed" display="inline-block" mb="xs">
          ‹ Coupons
        </TextLink>
      }
      description={discountWords(data.discount, data.currency)}
      actions={
        <Group gap="sm">
          <Badge color={data.active ? 'pine' : 'gray'}>{data.active ? 'Active' : 'Off'}</Badge>
          <Button variant="default" leftSection={<IconPencil size={17} />} onClick={edit.open}>
            Edit
          </Button>
          <Button variant="subtle" color="red.8" leftSection={<IconTrash size={17} />} onClick={remove.open}>
            Delete
          </Button>
        </Group>
      }
    >
      <Stack gap="lg">
        <Usage coupon={data} />
        <CouponRedemptions couponId={data.id} />
      </Stack>
      <Modal opened={editing} onClose={edit.close} title={`Edit ${data.code}`} centered size="lg">
        <CouponForm key={data.version} coupon={data} onDone={edit.close} />
      </Modal>
      <Modal opened={removing} onClose={remove.close} title={`Delete ${data.code}?`} centered>
        <RemoveCoupon coupon={data} onClose={remove.close} />
      </Modal>
    </Page>
  );
}

function Usage({ coupon }: { coupon: Coupon }) {
  const { usage, totalLimit } = coupon;
  const facts: [string, string][] = [
    ['Used', totalLimit === undefined ? `${usage.redeemed}` : `${usage.redeemed} of ${totalLimit}`],
    ['Customers', `${usage.customers}`],
    ['Taken off', formatMoney(usage.discount)],
    ['Given back', `${usage.givenBack}`],
    ['Runs', runWords(coupon)],
    ['Minimum', coupon.minimum ? formatMoney(coupon.minimum) : 'none'],
    ['Per customer', coupon.perCustomerLimit === undefined ? 'as often as they like' : `${coupon.perCustomerLimit}`],
    ['Articles on sale', coupon.includeSaleItems ? 'included' : 'left out'],
  ];
  return (
    <Paper p="lg">
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="lg" data-testid="coupon-usage">
        {facts.map(([label, value]) => (
          <div key={label}>
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text fw={600} className="cw-numeric">
              {value}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Paper>
  );
}

function RemoveCoupon({ coupon, onClose }: { coupon: Coupon; onClose: () => void }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation(
    trpc.admin.coupons.remove.mutationOptions({
      onSuccess: async () => {
        notifications.show({ color: 'pine', message: `Coupon ${coupon.code} is deleted.` });
        await navigate({ to: '/admin/coupons' });
        await queryClient.invalidateQueries(trpc.admin.coupons.list.pathFilter());
      },
    }),
  );
  return (
    <Stack>
      <Text size="sm">Carts lose it at once. Orders that used it keep their discount.</Text>
      <InlineError error={remove.error} />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button color="red.8" loading={remove.isPending} onClick={() => remove.mutate({ id: coupon.id })}>
          Delete the coupon
        </Button>
      </Group>
    </Stack>
  );
}
