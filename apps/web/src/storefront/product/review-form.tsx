import { Alert, Button, Group, Modal, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useSession, useTrpc } from '../../app/shop-context.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { ErrorState, InlineError } from '../../ui/states.tsx';
import { Stars } from '../../ui/stars.tsx';
import { ReviewFields, type OwnReview } from './review-fields.tsx';
import { useReviewsChanged } from './use-reviews-changed.ts';

/** The way to a review of one's own; visitors are asked to sign in first. */
export function ReviewForm({ productId }: { productId: string }) {
  const session = useSession();
  const { pathname } = useLocation();
  if (session) return <OwnReviewBox productId={productId} />;
  return (
    <ButtonLink to="/sign-in" search={{ next: pathname }} variant="default">
      Sign in to write a review
    </ButtonLink>
  );
}

function OwnReviewBox({ productId }: { productId: string }) {
  const eligibility = useQuery(useTrpc().reviews.eligibility.queryOptions({ productId }));
  const [writing, { open, close }] = useDisclosure(false);
  if (eligibility.isPending) return <Skeleton h={36} />;
  if (eligibility.isError) {
    return <ErrorState error={eligibility.error} onRetry={() => void eligibility.refetch()} />;
  }
  const { refusal, review, verified } = eligibility.data;
  return (
    <>
      {review && <OwnReviewCard review={review} onEdit={open} />}
      {!review && refusal === 'EMAIL_NOT_VERIFIED' && (
        <Text size="sm" c="dimmed">
          Confirm your e-mail address to write a review.
        </Text>
      )}
      {!review && refusal === null && (
        <Stack gap={6}>
          <Button variant="default" onClick={open}>
            Write a review
          </Button>
          {verified && (
            <Text size="xs" c="dimmed" ta="center">
              You bought this: your review will say so.
            </Text>
          )}
        </Stack>
      )}
      <Modal opened={writing} onClose={close} title="Your review" centered>
        <ReviewFields productId={productId} review={review} onDone={close} />
      </Modal>
    </>
  );
}

function OwnReviewCard({ review, onEdit }: { review: OwnReview; onEdit: () => void }) {
  const changed = useReviewsChanged();
  const [asking, { open, close }] = useDisclosure(false);
  const remove = useMutation(
    useTrpc().reviews.remove.mutationOptions({
      onSuccess: async () => {
        close();
        notifications.show({ message: 'Your review is removed.' });
        await changed();
      },
    }),
  );
  return (
    <Paper p="md" withBorder component="section" aria-label="Your review">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text size="sm" fw={600}>
            Your review
          </Text>
          <Stars average={review.rating} />
        </Group>
        {review.title && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {review.title}
          </Text>
        )}
        {review.status === 'hidden' && (
          <Alert color="clay" p="xs">
            Our moderators took it off this page.
          </Alert>
        )}
        <Group gap="xs" grow>
          <Button size="xs" variant="default" onClick={onEdit}>
            Edit
          </Button>
          <Button size="xs" variant="subtle" color="red" onClick={open}>
            Remove
          </Button>
        </Group>
      </Stack>
      <Modal opened={asking} onClose={close} title="Remove your review?" centered>
        <Stack>
          <Text size="sm">Its stars no longer count, and your words are gone. You can write another one.</Text>
          <InlineError error={remove.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate({ id: review.id })}>
              Remove
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Paper>
  );
}
