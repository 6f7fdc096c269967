import { ActionIcon, Badge, Group } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconTrash } from '@tabler/icons-react';
import { ProductImage } from '../../../ui/product-image.tsx';
import classes from './pictures.module.css';

interface PictureTileProps {
  image: string;
  /** From 0. */
  place: number;
  count: number;
  isDragged: boolean;
  onDragStart: () => void;
  onDragOver: () => void;
  onDragEnd: () => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** One picture of a product, to be dragged or moved by its buttons. */
export function PictureTile({ image, place, count, isDragged, onMove, onRemove, ...drag }: PictureTileProps) {
  const name = `picture ${place + 1} of ${count}`;
  return (
    <li
      className={classes['tile']}
      data-dragged={isDragged || undefined}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        // Without any data some browsers don't begin.
        event.dataTransfer.setData('text/plain', String(place));
        drag.onDragStart();
      }}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        drag.onDragOver();
      }}
      onDrop={(event) => {
        if (!event.dataTransfer.types.includes('Files')) event.preventDefault();
      }}
      onDragEnd={drag.onDragEnd}
    >
      <ProductImage image={image} alt={`Picture ${place + 1}`} sizes="180px" />
      {place === 0 && (
        <Badge className={classes['badge']} size="sm">
          Main
        </Badge>
      )}
      <Group justify="space-between" gap={4} mt={6} wrap="nowrap">
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="default"
            aria-label={`Move ${name} forward`}
            disabled={place === 0}
            onClick={() => onMove(place - 1)}
          >
            <IconArrowLeft size={16} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={`Move ${name} back`}
            disabled={place === count - 1}
            onClick={() => onMove(place + 1)}
          >
            <IconArrowRight size={16} />
          </ActionIcon>
        </Group>
        <ActionIcon variant="default" c="red" aria-label={`Remove ${name}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
    </li>
  );
}
