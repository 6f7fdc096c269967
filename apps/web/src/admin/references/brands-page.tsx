import { Button, Group, Modal, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { IconPlus, IconTagOff } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newIdempotencyKey } from '@cartwright/sdk';
import { notifyError } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDate } from '../../lib/dates.ts';
import { Page } from '../../ui/page.tsx';
import { NothingHere } from '../../ui/states.tsx';
import { PagedList, TableFrame } from '../paged-list.tsx';
import { useCursorPages } from '../use-cursor-pages.ts';
import { NameForm } from './name-form.tsx';
import { SHOWN, type Shown } from './shown.ts';
import type { AdminBrand } from './use-references.ts';

function useReload() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries(trpc.admin.brands.pathFilter()),
      queryClient.invalidateQueries(trpc.admin.products.pathFilter()),
      queryClient.invalidateQueries(trpc.catalog.pathFilter()),
    ]);
}

/** The brands that products carry. */
export function AdminBrandsPage() {
  const [shown, setShown] = useState<Shown>('living');
  const [edited, setEdited] = useState<AdminBrand | 'new' | null>(null);
  const pages = useCursorPages(shown);
  const deleted = shown === 'removed';
  const cursor = pages.cursor === undefined ? {} : { cursor: pages.cursor };
  const brands = useQuery(
    useTrpc().admin.brands.list.queryOptions(
      { deleted, limit: 50, ...cursor },
      { placeholderData: keepPreviousData, staleTime: 0 },
    ),
  );
  const items = brands.data?.items ?? [];
  const close = () => setEdited(null);
  return (
    <Page
      title="Brands"
      size={860}
      actions={
        <Button leftSection={<IconPlus size={17} />} onClick={() => setEdited('new')}>
          New brand
        </Button>
      }
    >
      <Stack gap="md">
        <SegmentedControl w="fit-content" aria-label="Which brands" data={SHOWN} value={shown} onChange={setShown} />
        <PagedList list={brands} pages={pages} loading="Loading brands">
          {items.length === 0 ? (
            <NothingHere
              icon={<IconTagOff size={44} stroke={1.3} />}
              title={deleted ? 'Nothing was removed' : 'No brands yet'}
            />
          ) : (
            <TableFrame list={brands}>
              <Table verticalSpacing="sm" horizontalSpacing="md" aria-label="Brands">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Brand</Table.Th>
                    <Table.Th ta="right">Actions</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((brand) => (
                    <BrandRow key={brand.id} brand={brand} onRename={() => setEdited(brand)} />
                  ))}
                </Table.Tbody>
              </Table>
            </TableFrame>
          )}
        </PagedList>
      </Stack>
      <Modal
        opened={edited !== null}
        onClose={close}
        title={edited === 'new' || edited === null ? 'New brand' : `Rename ${edited.name}`}
        centered
      >
        {edited !== null && <BrandForm brand={edited === 'new' ? null : edited} onDone={close} />}
      </Modal>
    </Page>
  );
}

function BrandRow({ brand, onRename }: { brand: AdminBrand; onRename: () => void }) {
  const trpc = useTrpc();
  const options = { onError: notifyError, onSettled: useReload() };
  const remove = useMutation(trpc.admin.brands.remove.mutationOptions(options));
  const restore = useMutation(trpc.admin.brands.restore.mutationOptions(options));
  return (
    <Table.Tr data-testid="brand">
      <Table.Td>
        <Text size="sm" fw={600}>
          {brand.name}
        </Text>
        <Text size="xs" c="dimmed">
          {brand.deletedAt ? `Removed ${formatDate(brand.deletedAt)}` : brand.slug}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group justify="flex-end" gap="xs" wrap="nowrap">
          {brand.deletedAt ? (
            <Button
              size="xs"
              variant="default"
              aria-label={`Restore ${brand.name}`}
              loading={restore.isPending}
              onClick={() => restore.mutate({ id: brand.id })}
            >
              Restore
            </Button>
          ) : (
            <>
              <Button size="xs" variant="default" aria-label={`Rename ${brand.name}`} onClick={onRename}>
                Rename
              </Button>
              <Button
                size="xs"
                variant="default"
                c="red.8"
                aria-label={`Remove ${brand.name}`}
                loading={remove.isPending}
                onClick={() => remove.mutate({ id: brand.id })}
              >
                Remove
              </Button>
            </>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function BrandForm({ brand, onDone }: { brand: AdminBrand | null; onDone: () => void }) {
  const trpc = useTrpc();
  const reload = useReload();
  const [key] = useState(newIdempotencyKey);
  const options = {
    onSuccess: async () => {
      onDone();
      await reload();
    },
  };
  const create = useMutation(trpc.admin.brands.create.mutationOptions(options));
  const update = useMutation(trpc.admin.brands.update.mutationOptions(options));
  return (
    <NameForm
      initial={{ name: brand?.name ?? '', slug: brand?.slug ?? '' }}
      submitLabel={brand ? 'Save' : 'Create brand'}
      error={create.error ?? update.error}
      isSaving={create.isPending || update.isPending}
      onSubmit={(values) =>
        brand ? update.mutate({ id: brand.id, ...values }) : create.mutate({ ...values, idempotencyKey: key })
      }
    />
  );
}
