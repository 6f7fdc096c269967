import { Button, FileButton, Group, Modal, Paper, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { IconPhotoPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type DragEvent } from 'react';
import { notifyError } from '../../../app/hooks.ts';
import { useTrpc } from '../../../app/shop-context.tsx';
import { ProductImage } from '../../../ui/product-image.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { PictureTile } from './picture-tile.tsx';
import { moved, PICTURE_TYPES } from './picture-words.ts';
import classes from './pictures.module.css';
import { UploadRow } from './upload-row.tsx';
import { usePictureUploads, type ProductDetail } from './use-picture-uploads.ts';

interface ProductPicturesProps {
  productId: string;
  /** As the shop knows them now; the first is shown in lists. */
  images: readonly string[];
  /** What they show, by their address. */
  alts: Readonly<Record<string, string>>;
  /** After each change, with the whole product as it is then. */
  onChange: (product: ProductDetail) => void;
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

/** The pictures of a product: added by dropping or choosing files, put in order, removed. Each change is kept at once. */
export function ProductPictures({ productId, images, alts, onChange }: ProductPicturesProps) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [isOver, setOver] = useState(false);
  const [dragged, setDragged] = useState<{ image: string; order: readonly string[] } | null>(null);
  const [asked, ask] = useState<string | null>(null);
  const [said, say] = useState('');
  const show = (product: ProductDetail) => {
    onChange(product);
    void queryClient.invalidateQueries(trpc.catalog.pathFilter());
  };
  const { uploads, add, remove: putAway, retry } = usePictureUploads(productId, show);
  const options = {
    onSuccess: show,
    onError: (error: unknown) => {
      notifyError(error);
      // Somebody else may have been faster: show what there is now.
      void queryClient.invalidateQueries(trpc.admin.products.byId.queryFilter({ id: productId }));
    },
  };
  const reorder = useMutation(
    trpc.admin.products.images.reorder.mutationOptions({ ...options, scope: { id: `pictures/${productId}` } }),
  );
  const describe = useMutation(
    trpc.admin.products.images.describe.mutationOptions({ ...options, scope: { id: `pictures/${productId}` } }),
  );
  const remove = useMutation(
    trpc.admin.products.images.remove.mutationOptions({
      onSuccess: (product) => {
        ask(null);
        show(product);
      },
    }),
  );
  const shown = dragged?.order ?? (reorder.isPending ? reorder.variables.images : images);

  const move = (image: string, to: number) => {
    const order = moved(shown, shown.indexOf(image), to);
    say(`The picture is number ${to + 1} of ${order.length} now`);
    reorder.mutate({ productId, images: order });
  };
  const endDrag = () => {
    const order = dragged?.order;
    setDragged(null);
    if (order?.some((image, index) => image !== images[index])) reorder.mutate({ productId, images: [...order] });
  };

  return (
    <Paper
      p="lg"
      component="section"
      aria-label="Pictures"
      className={classes['zone'] ?? ''}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (!hasFiles(event)) return;
        event.preventDefault();
        add([...event.dataTransfer.files]);
      }}
    >
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            Pictures
          </Title>
          <FileButton multiple accept={PICTURE_TYPES.join()} onChange={add}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconPhotoPlus size={16} />}>
                Add pictures
              </Button>
            )}
          </FileButton>
        </Group>
        <Text size="sm" c="dimmed">
          Drop files here, up to 10 MB each. The first picture is the one that lists show; drag to change the order. Say
          what each shows for those who don’t see it. Changes of pictures are kept at once.
        </Text>
        {shown.length > 0 && (
          <ul className={classes['grid']} aria-label="Pictures in their order">
            {shown.map((image, place) => (
              <PictureTile
                key={image}
                image={image}
                alt={alts[image] ?? ''}
                place={place}
                count={shown.length}
                isDragged={dragged?.image === image}
                onDragStart={() => setDragged({ image, order: shown })}
                onDragOver={() =>
                  setDragged((now) => now && { ...now, order: moved(now.order, now.order.indexOf(now.image), place) })
                }
                onDragEnd={endDrag}
                onMove={(to) => move(image, to)}
                onRemove={() => ask(image)}
                onDescribe={(alt) => describe.mutate({ productId, image, alt: alt === '' ? null : alt })}
              />
            ))}
          </ul>
        )}
        {uploads.length > 0 && (
          <ul className={classes['uploads']} aria-label="Uploads">
            {uploads.map((upload) => (
              <UploadRow
                key={upload.id}
                upload={upload}
                onRemove={() => putAway(upload.id)}
                onRetry={() => retry(upload.id)}
              />
            ))}
          </ul>
        )}
      </Stack>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      <Modal
        opened={asked !== null}
        onClose={() => ask(null)}
        title="Remove this picture?"
        centered
        onExitTransitionEnd={() => remove.reset()}
      >
        <Stack>
          <Group wrap="nowrap" align="flex-start">
            <ProductImage image={asked} alt="" size={96} />
            <Text size="sm">
              Shoppers won’t see it any more, neither with the product nor with its variants. Orders that were placed
              keep it. To use it again, upload it again.
            </Text>
          </Group>
          <InlineError error={remove.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => ask(null)}>
              Keep it
            </Button>
            <Button
              color="red"
              loading={remove.isPending}
              onClick={() => asked !== null && remove.mutate({ productId, image: asked })}
            >
              Remove
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Paper>
  );
}
