import { Button, Input, Rating, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { compact } from '../../lib/search-params.ts';
import { InlineError } from '../../ui/states.tsx';
import { useReviewsChanged } from './use-reviews-changed.ts';

export type OwnReview = RouterOutputs['reviews']['create'];

interface ReviewFieldsProps {
  productId: string;
  /** What was written before; a new review without. */
  review: OwnReview | null;
  onDone: () => void;
}

/** Stars and words of one's own review: written for the first time, or anew. */
export function ReviewFields({ productId, review, onDone }: ReviewFieldsProps) {
  const trpc = useTrpc();
  const changed = useReviewsChanged();
  const form = useForm({
    initialValues: { rating: review?.rating ?? 0, title: review?.title ?? '', text: review?.text ?? '' },
    validate: { rating: (rating) => (rating < 1 ? 'Choose one to five stars' : null) },
  });
  const onSuccess = async () => {
    onDone();
    notifications.show({ color: 'pine', message: 'Thank you for your review.' });
    await changed();
  };
  const create = useMutation(trpc.reviews.create.mutationOptions({ onSuccess }));
  const update = useMutation(trpc.reviews.update.mutationOptions({ onSuccess }));
  const submit = form.onSubmit(({ rating, title, text }) => {
    const content = { rating, ...compact({ title: title.trim() || undefined, text: text.trim() || undefined }) };
    if (review) update.mutate({ id: review.id, ...content });
    else create.mutate({ productId, ...content });
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Input.Wrapper label="Stars" required error={form.errors['rating']}>
          <Rating
            size="lg"
            color="clay.4"
            mt={4}
            getSymbolLabel={(stars) => `${stars} stars`}
            {...form.getInputProps('rating')}
          />
        </Input.Wrapper>
        <TextInput label="In a few words" maxLength={120} {...form.getInputProps('title')} />
        <Textarea label="More about it" autosize minRows={4} maxLength={4_000} {...form.getInputProps('text')} />
        <InlineError error={create.error ?? update.error} />
        <Button type="submit" loading={create.isPending || update.isPending}>
          {review ? 'Save review' : 'Publish review'}
        </Button>
      </Stack>
    </form>
  );
}
