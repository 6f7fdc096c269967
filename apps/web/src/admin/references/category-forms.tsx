import { Button, Group, Select, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newIdempotencyKey } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { placesFor } from './category-order.ts';
import { NameForm } from './name-form.tsx';
import { pathsOf, type AdminCategory } from './use-references.ts';

const TOP = '';

/** Reads anew what shows categories. */
export function useReloadCategories() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries(trpc.admin.categories.pathFilter()),
      queryClient.invalidateQueries(trpc.admin.products.pathFilter()),
      queryClient.invalidateQueries(trpc.catalog.pathFilter()),
    ]);
}

interface CategoryFormProps {
  /** Null for a new one. */
  category: AdminCategory | null;
  /** Where a new one is put: under this, after those that are there. */
  parentId: string | null;
  position: number;
  onDone: () => void;
}

/** A new category, or another name for one. */
export function CategoryForm({ category, parentId, position, onDone }: CategoryFormProps) {
  const trpc = useTrpc();
  const reload = useReloadCategories();
  const [key] = useState(newIdempotencyKey);
  const options = {
    onSuccess: async () => {
      onDone();
      await reload();
    },
  };
  const create = useMutation(trpc.admin.categories.create.mutationOptions(options));
  const update = useMutation(trpc.admin.categories.update.mutationOptions(options));
  return (
    <NameForm
      initial={{ name: category?.name ?? '', slug: category?.slug ?? '' }}
      submitLabel={category ? 'Save' : 'Create category'}
      error={create.error ?? update.error}
      isSaving={create.isPending || update.isPending}
      onSubmit={(values) =>
        category
          ? update.mutate({ id: category.id, ...values })
          : create.mutate({ ...values, parentId, position, idempotencyKey: key })
      }
    />
  );
}

interface MoveFormProps {
  category: AdminCategory;
  categories: readonly AdminCategory[];
  onDone: () => void;
}

/** Puts a category, with all below it, under another. */
export function MoveForm({ category, categories, onDone }: MoveFormProps) {
  const trpc = useTrpc();
  const reload = useReloadCategories();
  const [parent, setParent] = useState(category.parentId ?? TOP);
  const paths = pathsOf(categories);
  const move = useMutation(
    trpc.admin.categories.move.mutationOptions({
      onSuccess: async () => {
        onDone();
        await reload();
      },
    }),
  );
  const siblings = categories.filter(({ parentId }) => (parentId ?? TOP) === parent);
  return (
    <Stack>
      <Select
        label="Under"
        searchable
        allowDeselect={false}
        data={[
          { value: TOP, label: 'At the top' },
          ...placesFor(categories, category).map(({ id }) => ({ value: id, label: paths.get(id) ?? '' })),
        ]}
        value={parent}
        onChange={(value) => setParent(value ?? TOP)}
      />
      <InlineError error={move.error} />
      <Group justify="flex-end">
        <Button
          disabled={parent === (category.parentId ?? TOP)}
          loading={move.isPending}
          onClick={() =>
            move.mutate({ id: category.id, parentId: parent === TOP ? null : parent, position: siblings.length })
          }
        >
          Move
        </Button>
      </Group>
    </Stack>
  );
}
