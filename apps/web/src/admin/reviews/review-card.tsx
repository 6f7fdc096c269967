import { Alert, Badge, Button, Group, Modal, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFlag } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { notifyError } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime } from '../../lib/dates.ts';
import { REPORT_WORDS } from '../../lib/review-words.ts';
import { TextLink } from '../../ui/links.tsx';
import { InlineError } from '../../ui/states.tsx';
import { Stars } from '../../ui/stars.tsx';

type Review = RouterOutputs['admin']['reviews']['list']['items'][number];
type Product = RouterOutputs['catalog']['products']['byIds']['items'][number];

/** The shop tells of so many at most. */
const REPORTS_SHOWN = 20;

/** One review with what was reported of it, and what can be decided; `product` is null when it is not on sale. */
export function ReviewCard({ review, product }: { review: Review; product: Product | null | undefined }) {
  return (
    <Paper p="md" component="article" aria-label={`Review of ${review.author}`} data-testid="review-card">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Group gap="sm">
            <Stars average={review.rating} />
            {product && (
              <TextLink to="/p/$slug" params={{ slug: product.slug }} size="sm" fw={600}>
                {product.title}
              </TextLink>
            )}
            {product === null && (
              <TextLink to="/admin/products/$productId" params={{ productId: review.productId }} size="sm">
                A product that is not on sale
              </TextLink>
            )}
          </Group>
          <Group gap="xs">
            {review.verified && <Badge variant="light">Bought here</Badge>}
            {review.status === 'hidden' && <Badge color="gray">Hidden</Badge>}
          </Group>
        </Group>
        <Text size="xs" c="dimmed">
          {review.author}, {formatDateTime(review.createdAt)}
          {review.editedAt && `, edited ${formatDateTime(review.editedAt)}`}
        </Text>
        {review.title && (
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {review.title}
          </Text>
        )}
        {review.text && (
          <Text size="sm" maw="76ch" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
            {review.text}
          </Text>
        )}
        {review.reports.length > 0 && <Reports reports={review.reports} />}
        {review.reply && (
          <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
            Your answer: {review.reply.text}
          </Text>
        )}
        <Actions review={review} />
      </Stack>
    </Paper>
  );
}

function Reports({ reports }: Pick<Review, 'reports'>) {
  return (
    <Alert
      color="clay"
      icon={<IconFlag size={18} />}
      p="xs"
      title={`Reported ${reports.length} ×${reports.length < REPORTS_SHOWN ? '' : ' or more'}`}
    >
      {reports.map(({ reason, text, at }, index) => (
        <Text key={index} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {REPORT_WORDS[reason]}
          {text && `: ${text}`} ({formatDateTime(at)})
        </Text>
      ))}
    </Alert>
  );
}

function Actions({ review }: { review: Review }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [replying, { open, close }] = useDisclosure(false);
  const setStatus = useMutation(
    trpc.admin.reviews.setStatus.mutationOptions({
      onError: notifyError,
      onSettled: () => queryClient.invalidateQueries(trpc.admin.reviews.pathFilter()),
    }),
  );
  const decide = (status: Review['status']) => setStatus.mutate({ id: review.id, status });
  const isHidden = review.status === 'hidden';
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        loading={setStatus.isPending}
        onClick={() => decide(isHidden ? 'published' : 'hidden')}
      >
        {isHidden ? 'Publish again' : 'Hide'}
      </Button>
      {!isHidden && review.reports.length > 0 && (
        <Button size="xs" variant="default" disabled={setStatus.isPending} onClick={() => decide('published')}>
          Nothing wrong
        </Button>
      )}
      <Button size="xs" variant="subtle" onClick={open}>
        {review.reply ? 'Change the answer' : 'Answer'}
      </Button>
      <Modal opened={replying} onClose={close} title="The shop’s answer" centered>
        <ReplyForm review={review} onDone={close} />
      </Modal>
    </Group>
  );
}

function ReplyForm({ review, onDone }: { review: Review; onDone: () => void }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [text, setText] = useState(review.reply?.text ?? '');
  const reply = useMutation(
    trpc.admin.reviews.reply.mutationOptions({
      onSuccess: async () => {
        onDone();
        await queryClient.invalidateQueries(trpc.admin.reviews.pathFilter());
      },
    }),
  );
  const words = text.trim();
  return (
    <Stack>
      <Textarea
        label="Everybody can read it"
        autosize
        minRows={4}
        maxLength={2_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      <InlineError error={reply.error} />
      <Button
        loading={reply.isPending}
        disabled={words === '' && !review.reply}
        onClick={() => reply.mutate({ id: review.id, text: words === '' ? null : words })}
      >
        {words === '' ? 'Take the answer away' : 'Publish the answer'}
      </Button>
    </Stack>
  );
}
