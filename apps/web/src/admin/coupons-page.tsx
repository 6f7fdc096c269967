import { Box, Button, Center, Modal, Paper, Skeleton, Stack, Switch, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconTicketOff } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { formatMoney } from '../lib/money.ts';
import { notifyError } from '../app/hooks.ts';
import { pagesOptions } from '../app/pages.ts';
import { useShop, useTrpc } from '../app/shop-context.tsx';
import { TextLink } from '../ui/links.tsx';
import { Page } from '../ui/page.tsx';
import { ErrorState, NothingHere } from '../ui/states.tsx';
import { useIsPhone } from '../ui/use-is-phone.ts';
import { CouponForm } from './coupon-form.tsx';
import { discountWords, runWords } from './coupon-words.ts';

type Coupon = RouterOutputs['admin']['coupons']['list']['items'][number];

/** The shop's coupons: what they give, how often they were used, on or off. */
export function AdminCouponsPage() {
  const [opened, { open, close }] = useDisclosure(false);
  const shop = useShop();
  const trpc = useTrpc();
  const coupons = useInfiniteQuery(
    pagesOptions(trpc.admin.coupons.list.infiniteQueryKey(), (page, options) =>
      shop.api.admin.coupons.list.query({ limit: 50, ...page }, options),
    ),
  );
  const items = coupons.data?.pages.flatMap((page) => page.items) ?? [];
  const newButton = (
    <Button leftSection={<IconPlus size={17} />} onClick={open}>
      New coupon
    </Button>
  );
  return (
    <Page title="Coupons" actions={items.length > 0 ? newButton : null}>
      {coupons.isPending && <Skeleton h={300} role="status" aria-label="Loading coupons" />}
      {coupons.isError && !coupons.data && <ErrorState error={coupons.error} onRetry={() => void coupons.refetch()} />}
      {coupons.data && items.length === 0 && (
        <NothingHere
          icon={<IconTicketOff size={44} stroke={1.3} />}
          title="No coupons yet"
          description="Make one to give a discount at the cart."
        >
          {newButton}
        </NothingHere>
      )}
      {items.length > 0 && (
        <Paper style={{ overflowX: 'auto' }}>
          <CouponTable coupons={items} />
        </Paper>
      )}
      {coupons.hasNextPage && (
        <Center mt="lg">
          <Button variant="default" loading={coupons.isFetchingNextPage} onClick={() => void coupons.fetchNextPage()}>
            Show more
          </Button>
        </Center>
      )}
      <Modal opened={opened} onClose={close} title="New coupon" centered size="lg">
        <CouponForm onDone={close} />
      </Modal>
    </Page>
  );
}

function CouponTable({ coupons }: { coupons: readonly Coupon[] }) {
  const isPhone = useIsPhone();
  return (
    <Table verticalSpacing="sm" horizontalSpacing="sm" miw={{ base: 0, sm: 720 }} aria-label="Coupons">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Code</Table.Th>
          <Table.Th visibleFrom="sm">Gives</Table.Th>
          <Table.Th visibleFrom="sm">Minimum</Table.Th>
          <Table.Th visibleFrom="sm">Runs</Table.Th>
          <Table.Th ta="right">Used</Table.Th>
          <Table.Th ta="right">Active</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody className="cw-numeric">
        {coupons.map((coupon) => (
          <Table.Tr key={coupon.id} data-testid="coupon-row">
            <Table.Td>
              <TextLink
                to="/admin/coupons/$couponId"
                params={{ couponId: coupon.id }}
                size="sm"
                fw={650}
                ff="monospace"
              >
                {coupon.code}
              </TextLink>
              {isPhone && (
                <Box>
                  <Text size="xs">
                    {discountWords(coupon.discount, coupon.currency)}
                    {coupon.minimum && ` from ${formatMoney(coupon.minimum)}`}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {runWords(coupon)}
                  </Text>
                </Box>
              )}
            </Table.Td>
            <Table.Td visibleFrom="sm">{discountWords(coupon.discount, coupon.currency)}</Table.Td>
            <Table.Td visibleFrom="sm">{coupon.minimum ? formatMoney(coupon.minimum) : '–'}</Table.Td>
            <Table.Td visibleFrom="sm">{runWords(coupon)}</Table.Td>
            <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
              {coupon.redeemed}
              {coupon.totalLimit !== undefined && ` / ${coupon.totalLimit}`}
            </Table.Td>
            <Table.Td>
              <ActiveSwitch coupon={coupon} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ActiveSwitch({ coupon }: { coupon: Coupon }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const setActive = useMutation(
    trpc.admin.coupons.setActive.mutationOptions({
      onError: notifyError,
      onSettled: () => queryClient.invalidateQueries(trpc.admin.coupons.pathFilter()),
    }),
  );
  return (
    <Stack align="flex-end">
      <Switch
        aria-label={`${coupon.code} is active`}
        checked={setActive.isPending ? setActive.variables.active : coupon.active}
        disabled={setActive.isPending}
        onChange={(event) => setActive.mutate({ id: coupon.id, active: event.currentTarget.checked })}
      />
    </Stack>
  );
}
