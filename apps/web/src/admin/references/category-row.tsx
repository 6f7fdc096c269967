import { ActionIcon, Button, Group, Menu, Stack, Text } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconDots,
  IconFolderPlus,
  IconFolderSymlink,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { notifyError } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDate } from '../../lib/dates.ts';
import { useReloadCategories } from './category-forms.tsx';
import { reordered, siblingsOf } from './category-order.ts';
import type { AdminCategory } from './use-references.ts';

const INDENT = 24;

interface CategoryRowProps {
  category: AdminCategory;
  categories: readonly AdminCategory[];
  onAdd: () => void;
  onRename: () => void;
  onMove: () => void;
}

/** A category at its place in the tree, and what can be done with it. */
export function CategoryRow({ category, categories, onAdd, onRename, onMove }: CategoryRowProps) {
  const trpc = useTrpc();
  const options = { onError: notifyError, onSettled: useReloadCategories() };
  const remove = useMutation(trpc.admin.categories.remove.mutationOptions(options));
  const restore = useMutation(trpc.admin.categories.restore.mutationOptions(options));
  const reorder = useMutation(trpc.admin.categories.reorder.mutationOptions(options));
  const move = (step: -1 | 1) => {
    const ids = reordered(categories, category, step);
    if (ids) reorder.mutate({ parentId: category.parentId, ids });
  };
  const siblings = siblingsOf(categories, category);
  const { id, name, slug, depth, deletedAt } = category;
  const isFirst = siblings[0]?.id === id;
  const isLast = siblings.at(-1)?.id === id;
  return (
    <Group
      justify="space-between"
      wrap="nowrap"
      px="sm"
      py={6}
      role="listitem"
      data-testid="category"
      pl={deletedAt ? 12 : 12 + depth * INDENT}
    >
      <Stack gap={0} miw={0}>
        <Text size="sm" fw={depth === 0 ? 600 : 500} truncate>
          {name}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {deletedAt ? `Removed ${formatDate(deletedAt)}` : slug}
        </Text>
      </Stack>
      {deletedAt ? (
        <Button
          size="xs"
          variant="default"
          aria-label={`Restore ${name}`}
          loading={restore.isPending}
          onClick={() => restore.mutate({ id })}
        >
          Restore
        </Button>
      ) : (
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            aria-label={`Move ${name} up`}
            disabled={isFirst || reorder.isPending}
            onClick={() => move(-1)}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            aria-label={`Move ${name} down`}
            disabled={isLast || reorder.isPending}
            onClick={() => move(1)}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon variant="default" size={30} loading={remove.isPending} aria-label={`More for ${name}`}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={onRename}>
                Rename
              </Menu.Item>
              <Menu.Item leftSection={<IconFolderPlus size={16} />} onClick={onAdd}>
                Add a category below
              </Menu.Item>
              <Menu.Item leftSection={<IconFolderSymlink size={16} />} onClick={onMove}>
                Move elsewhere
              </Menu.Item>
              <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => remove.mutate({ id })}>
                Remove
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      )}
    </Group>
  );
}
