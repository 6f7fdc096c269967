import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconArchive,
  IconCalendar,
  IconDots,
  IconExternalLink,
  IconEye,
  IconPencil,
  IconStack2,
  IconTrash,
} from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { RouterInputs } from '@cartwright/sdk';
import { notifyError } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import type { AdminProduct } from './products-table.tsx';
import { StockForm } from './stock-form.tsx';

type Status = RouterInputs['admin']['products']['setStatus']['status'];

/** What can be done with a product: who sees it, from when on, whether it is there, and how many. */
export function ProductActions({ product }: { product: AdminProduct }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [planning, plan] = useDisclosure(false);
  const [counting, count] = useDisclosure(false);
  const [asking, ask] = useDisclosure(false);
  const options = {
    onError: notifyError,
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries(trpc.admin.products.pathFilter()),
        queryClient.invalidateQueries(trpc.catalog.pathFilter()),
      ]),
  };
  const setStatus = useMutation(trpc.admin.products.setStatus.mutationOptions(options));
  const remove = useMutation(trpc.admin.products.remove.mutationOptions({ ...options, onSuccess: ask.close }));
  const restore = useMutation(trpc.admin.products.restore.mutationOptions(options));
  const to = (status: Status) => setStatus.mutate({ ids: [product.id], status });
  const busy = setStatus.isPending || restore.isPending;

  if (product.deletedAt) {
    return (
      <Group justify="flex-end">
        <Button size="xs" variant="default" loading={busy} onClick={() => restore.mutate({ id: product.id })}>
          Restore
        </Button>
      </Group>
    );
  }
  return (
    <Group justify="flex-end" gap="xs" wrap="nowrap">
      <Button size="xs" variant="default" visibleFrom="sm" leftSection={<IconStack2 size={15} />} onClick={count.open}>
        Stock
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={30} loading={busy} aria-label={`More for ${product.title}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item hiddenFrom="sm" leftSection={<IconStack2 size={16} />} onClick={count.open}>
            Stock
          </Menu.Item>
          {product.listed && (
            <Menu.Item
              leftSection={<IconExternalLink size={16} />}
              onClick={() => void navigate({ to: '/p/$slug', params: { slug: product.slug } })}
            >
              In the shop
            </Menu.Item>
          )}
          {!product.listed && (
            <Menu.Item leftSection={<IconEye size={16} />} onClick={() => to('active')}>
              Publish now
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconCalendar size={16} />} onClick={plan.open}>
            Publish at a time
          </Menu.Item>
          {product.status !== 'draft' && (
            <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => to('draft')}>
              Back to drafts
            </Menu.Item>
          )}
          {product.status !== 'archived' && (
            <Menu.Item leftSection={<IconArchive size={16} />} onClick={() => to('archived')}>
              Archive
            </Menu.Item>
          )}
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={ask.open}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={planning} onClose={plan.close} title={`Publish ${product.title}`} centered>
        <PublishForm productId={product.id} onDone={plan.close} />
      </Modal>
      <Modal opened={counting} onClose={count.close} title={`Stock of ${product.title}`} centered size="lg">
        <StockForm productId={product.id} />
      </Modal>
      <Modal opened={asking} onClose={ask.close} title={`Remove ${product.title}?`} centered>
        <Stack>
          <Text size="sm">Shoppers no longer see it. Orders keep what they hold, and it can be restored.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={ask.close}>
              Keep it
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate({ id: product.id })}>
              Remove
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  );
}

function PublishForm({ productId, onDone }: { productId: string; onDone: () => void }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [at, setAt] = useState('');
  const publish = useMutation(
    trpc.admin.products.setStatus.mutationOptions({
      onSuccess: async () => {
        onDone();
        await queryClient.invalidateQueries(trpc.admin.products.pathFilter());
      },
    }),
  );
  return (
    <Stack>
      <TextInput
        label="Shoppers see it from"
        description="Until then nobody does, also where it is on sale now."
        type="datetime-local"
        value={at}
        onChange={(event) => setAt(event.currentTarget.value)}
        data-autofocus
      />
      <InlineError error={publish.error} />
      <Button
        disabled={at === ''}
        loading={publish.isPending}
        onClick={() => publish.mutate({ ids: [productId], status: 'active', publishAt: new Date(at) })}
      >
        Publish then
      </Button>
    </Stack>
  );
}
