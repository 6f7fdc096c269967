import { Badge, Button, Group, Modal, Paper, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime } from '../../lib/dates.ts';
import { TextLink } from '../../ui/links.tsx';
import { ProductImage } from '../../ui/product-image.tsx';
import { InlineError } from '../../ui/states.tsx';
import { PURPOSE_WORDS, sizeWords, STATE_WORDS } from './upload-words.ts';

type Upload = RouterOutputs['admin']['uploads']['list']['items'][number];

/** One file that somebody uploaded, what became of it, and the way to be rid of it. */
export function UploadCard({ upload }: { upload: Upload }) {
  const { uploadId, purpose, state, rejection, size, picture, userId, productId, createdAt } = upload;
  const mayEnd = productId === undefined && state !== 'rejected' && state !== 'aborted';
  const name = `${PURPOSE_WORDS[purpose]} of ${formatDateTime(createdAt)}`;
  return (
    <Paper p="md" component="article" aria-label={name} data-testid="upload-card">
      <Group wrap="nowrap" align="flex-start">
        <ProductImage image={picture?.url} alt="" size={64} />
        <Stack gap={4} flex={1} miw={0}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {PURPOSE_WORDS[purpose]}
            </Text>
            <Badge variant="light" color={state === 'ready' ? 'green' : state === 'rejected' ? 'red' : 'gray'}>
              {STATE_WORDS[state]}
              {rejection && `: ${rejection.replaceAll('_', ' ')}`}
            </Badge>
          </Group>
          <Text size="xs" c="dimmed">
            {sizeWords(size)}, {formatDateTime(createdAt)}
          </Text>
          <Group gap="md">
            <TextLink to="/admin/users/$userId" params={{ userId }} size="xs">
              Who uploaded it
            </TextLink>
            {productId && (
              <TextLink to="/admin/products/$productId" params={{ productId }} size="xs">
                The product that shows it
              </TextLink>
            )}
          </Group>
        </Stack>
        {mayEnd && <RemoveButton uploadId={uploadId} name={name} />}
      </Group>
    </Paper>
  );
}

function RemoveButton({ uploadId, name }: Pick<Upload, 'uploadId'> & { name: string }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [asking, { open, close }] = useDisclosure(false);
  const remove = useMutation(
    trpc.admin.uploads.remove.mutationOptions({
      onSuccess: close,
      onSettled: () => queryClient.invalidateQueries(trpc.admin.uploads.pathFilter()),
    }),
  );
  return (
    <>
      <Button size="xs" variant="default" c="red" aria-label={`Remove ${name}`} onClick={open}>
        Remove
      </Button>
      <Modal opened={asking} onClose={close} title="Remove this file for good?" centered>
        <Stack>
          <Text size="sm">If a product ever showed it, orders of that time show no picture then.</Text>
          <InlineError error={remove.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate({ uploadId })}>
              Remove
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
