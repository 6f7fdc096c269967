import { ActionIcon, Badge, Group, TextInput } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { ProductImage } from '../../../ui/product-image.tsx';
import classes from './pictures.module.css';

interface PictureTileProps {
  image: string;
  /** What it shows, as far as somebody said so. */
  alt: string;
  /** From 0. */
  place: number;
  count: number;
  isDragged: boolean;
  onDragStart: () => void;
  onDragOver: () => void;
  onDragEnd: () => void;
  onMove: (to: number) => void;
  onRemove: () => void;
  onDescribe: (alt: string) => void;
}

/** One picture of a product, to be dragged or moved by its buttons. */
export function PictureTile({
  image,
  alt,
  place,
  count,
  isDragged,
  onMove,
  onRemove,
  onDescribe,
  ...drag
}: PictureTileProps) {
  const [typed, setTyped] = useState(alt);
  useEffect(() => setTyped(alt), [alt]);
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
      <ProductImage image={image} alt={alt || `Picture ${place + 1}`} sizes="180px" />
      {place === 0 && (
        <Badge className={classes['badge']} size="sm">
          Main
        </Badge>
      )}
      <TextInput
        size="xs"
        mt={6}
        placeholder="What it shows"
        aria-label={`What ${name} shows`}
        maxLength={200}
        // Whoever marks text with the mouse drags no picture.
        draggable
        onDragStart={(event) => {
          event.preventDefault();
          event.stopPropagation();
        }}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          // The form around it is another matter.
          if (event.key === 'Enter') {
            event.preventDefault();
            event.currentTarget.blur();
          }
        }}
        onBlur={() => typed.trim() !== alt && onDescribe(typed.trim())}
      />
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
