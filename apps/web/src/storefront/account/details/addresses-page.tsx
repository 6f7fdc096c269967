import { Badge, Button, Group, Menu, Modal, Paper, SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { IconMapPin, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { notifyError, useShopConfig } from '../../../app/hooks.ts';
import { useSession, useTrpc } from '../../../app/shop-context.tsx';
import { checkAndShow } from '../../../lib/check-and-show.ts';
import { AddressBlock } from '../../../ui/address-block.tsx';
import { Page } from '../../../ui/page.tsx';
import { ErrorState, InlineError, NothingHere } from '../../../ui/states.tsx';
import { AddressFields } from '../../checkout/address-fields.tsx';
import { emptyAddress, fromAddress, toAddress, useAddressForm } from '../../checkout/address-form.ts';

type SavedAddress = RouterOutputs['account']['addresses']['list']['items'][number];

const USE_WORDS = { shipping: 'Shipping', billing: 'Billing' } as const;

function useReload(): () => Promise<void> {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries(trpc.account.addresses.pathFilter());
}

/** The addresses that the checkout offers. */
export function AddressesPage() {
  const list = useQuery(useTrpc().account.addresses.list.queryOptions());
  const [edited, setEdited] = useState<SavedAddress | 'new' | null>(null);
  const close = (): void => setEdited(null);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
      Add an address
    </Button>
  );
  return (
    <Page title="Addresses" size={760} actions={list.data && list.data.items.length > 0 ? add : undefined}>
      {list.isPending && <Skeleton h={180} role="status" aria-label="Loading your addresses" />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <NothingHere
          icon={<IconMapPin size={46} stroke={1.3} />}
          title="No addresses yet"
          description="Keep one, and the checkout fills itself in."
        >
          {add}
        </NothingHere>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {list.data?.items.map((item) => (
          <AddressCard key={item.id} item={item} onEdit={() => setEdited(item)} />
        ))}
      </SimpleGrid>
      <Modal
        opened={edited !== null}
        onClose={close}
        title={edited === 'new' ? 'A new address' : 'Change the address'}
        size="lg"
      >
        {edited !== null && <AddressEditor saved={edited === 'new' ? null : edited} onDone={close} />}
      </Modal>
    </Page>
  );
}

function AddressCard({ item, onEdit }: { item: SavedAddress; onEdit: () => void }) {
  const trpc = useTrpc();
  const onSuccess = useReload();
  const options = { onSuccess, onError: notifyError };
  const remove = useMutation(trpc.account.addresses.remove.mutationOptions(options));
  const setDefault = useMutation(trpc.account.addresses.setDefault.mutationOptions(options));
  const addressId = item.id;
  const others = (['shipping', 'billing'] as const).filter((use) => !item.defaultFor.includes(use));
  return (
    <Paper p="md" component="article" aria-label={`${item.address.name}, ${item.address.line1}`}>
      <Stack gap="sm" h="100%" justify="space-between">
        <Stack gap="sm">
          <Group gap={6} mih={20}>
            {item.defaultFor.map((use) => (
              <Badge key={use} variant="light" size="sm">
                {USE_WORDS[use]}
              </Badge>
            ))}
          </Group>
          <AddressBlock address={item.address} />
        </Stack>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={onEdit}>
            Change
          </Button>
          {others.length > 0 && (
            <Menu>
              <Menu.Target>
                <Button size="xs" variant="default" loading={setDefault.isPending}>
                  Use as default
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {others.map((use) => (
                  <Menu.Item key={use} onClick={() => setDefault.mutate({ addressId, use })}>
                    For {USE_WORDS[use].toLowerCase()}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
          <Button
            size="xs"
            variant="subtle"
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate({ addressId })}
          >
            Remove
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

function AddressEditor({ saved, onDone }: { saved: SavedAddress | null; onDone: () => void }) {
  const trpc = useTrpc();
  const session = useSession();
  const { data: config } = useShopConfig();
  const reload = useReload();
  const form = useAddressForm(
    saved ? fromAddress(saved.address) : emptyAddress(session?.user.name ?? '', config?.defaultCountry ?? ''),
  );
  const onSuccess = async (): Promise<void> => {
    await reload();
    onDone();
  };
  const create = useMutation(trpc.account.addresses.create.mutationOptions({ onSuccess }));
  const update = useMutation(trpc.account.addresses.update.mutationOptions({ onSuccess }));
  const submit = (): void => {
    const address = checkAndShow(() => !form.validate().hasErrors) ? toAddress(form.values) : null;
    if (!address) return;
    if (saved) update.mutate({ addressId: saved.id, address });
    else create.mutate({ address });
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack>
        <AddressFields form={form} />
        <InlineError error={create.error ?? update.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending || update.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
