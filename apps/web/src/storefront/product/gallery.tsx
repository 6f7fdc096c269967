import { Group, Stack, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { ProductImage } from '../../ui/product-image.tsx';
import classes from './product.module.css';

interface GalleryProps {
  images: readonly string[];
  /** What they show, by their address; the product's title serves for others. */
  alts: Readonly<Record<string, string>>;
  /** The chosen variant's own picture, shown first. */
  first: string | undefined;
  title: string;
}

/** The big picture and the small ones to choose from. A variant with a picture of its own brings it forward. */
export function Gallery({ images, alts, first, title }: GalleryProps) {
  const all = [...new Set(first === undefined ? images : [first, ...images])];
  const [chosen, setChosen] = useState<{ image: string; of: string | undefined } | null>(null);
  const current = chosen !== null && chosen.of === first && all.includes(chosen.image) ? chosen.image : all[0];
  return (
    <Stack gap="sm">
      <ProductImage
        image={current}
        alt={(current === undefined ? undefined : alts[current]) ?? title}
        eager
        sizes="(max-width: 62em) 100vw, 620px"
      />
      {all.length > 1 && (
        <Group gap="xs" role="group" aria-label="Pictures">
          {all.map((image, index) => (
            <UnstyledButton
              key={image}
              className={classes['thumb']}
              aria-label={`Picture ${index + 1} of ${all.length}${alts[image] === undefined ? '' : `: ${alts[image]}`}`}
              aria-pressed={image === current}
              onClick={() => setChosen({ image, of: first })}
            >
              <ProductImage image={image} alt="" size={72} />
            </UnstyledButton>
          ))}
        </Group>
      )}
    </Stack>
  );
}
