import { Button, Modal, Paper, SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { IconFolderOff, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Page } from '../../ui/page.tsx';
import { ErrorState, NothingHere } from '../../ui/states.tsx';
import { CategoryForm, MoveForm } from './category-forms.tsx';
import { CategoryRow } from './category-row.tsx';
import { SHOWN, type Shown } from './shown.ts';
import { useCategories, type AdminCategory } from './use-references.ts';

/** What is being done to the tree. */
type Task =
  | { kind: 'create'; parent: AdminCategory | null }
  | { kind: 'rename'; category: AdminCategory }
  | { kind: 'move'; category: AdminCategory };

const titleOf = (task: Task): string => {
  switch (task.kind) {
    case 'create':
      return task.parent ? `New category in ${task.parent.name}` : 'New category';
    case 'rename':
      return `Rename ${task.category.name}`;
    case 'move':
      return `Move ${task.category.name}`;
  }
};

/** The tree of categories: to add, rename, order, move, remove and bring back. */
export function AdminCategoriesPage() {
  const [shown, setShown] = useState<Shown>('living');
  const [task, setTask] = useState<Task | null>(null);
  const categories = useCategories(shown === 'removed');
  const items = categories.data?.items ?? [];
  const close = () => setTask(null);
  return (
    <Page
      title="Categories"
      size={860}
      actions={
        <Button leftSection={<IconPlus size={17} />} onClick={() => setTask({ kind: 'create', parent: null })}>
          New category
        </Button>
      }
    >
      <Stack gap="md">
        <SegmentedControl
          w="fit-content"
          aria-label="Which categories"
          data={SHOWN}
          value={shown}
          onChange={setShown}
        />
        {categories.isPending && <Skeleton h={360} role="status" aria-label="Loading categories" />}
        {categories.isError && !categories.data && (
          <ErrorState error={categories.error} onRetry={() => void categories.refetch()} />
        )}
        {categories.data && items.length === 0 && (
          <NothingHere
            icon={<IconFolderOff size={44} stroke={1.3} />}
            title={shown === 'removed' ? 'Nothing was removed' : 'No categories yet'}
          />
        )}
        {items.length > 0 && (
          <Paper p="xs" role="list" aria-label="Categories">
            {items.map((category) => (
              <CategoryRow
                key={category.id}
                category={category}
                categories={items}
                onAdd={() => setTask({ kind: 'create', parent: category })}
                onRename={() => setTask({ kind: 'rename', category })}
                onMove={() => setTask({ kind: 'move', category })}
              />
            ))}
          </Paper>
        )}
      </Stack>
      <Modal opened={task !== null} onClose={close} title={task && titleOf(task)} centered>
        {task?.kind === 'create' && (
          <CategoryForm
            category={null}
            parentId={task.parent?.id ?? null}
            position={items.filter(({ parentId }) => parentId === (task.parent?.id ?? null)).length}
            onDone={close}
          />
        )}
        {task?.kind === 'rename' && (
          <CategoryForm category={task.category} parentId={null} position={0} onDone={close} />
        )}
        {task?.kind === 'move' && <MoveForm category={task.category} categories={items} onDone={close} />}
      </Modal>
    </Page>
  );
}
