import { Button, Input, Modal, Rating, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useSession, useTrpc } from '../../app/shop-context.tsx';
import { compact } from '../../lib/search-params.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { InlineError } from '../../ui/states.tsx';

/** The way to a review of one's own; visitors are asked to sign in first. */
export function ReviewForm({ productId }: { productId: string }) {
  const session = useSession();
  const { pathname } = useLocation();
  const [opened, { open, close }] = useDisclosure(false);
  if (!session) {
    return (
      <ButtonLink to="/sign-in" search={{ next: pathname }} variant="default">
        Sign in to write a review
      </ButtonLink>
    );
  }
  return (
    <>
      <Button variant="default" onClick={open}>
        Write a review
      </Button>
      <Modal opened={opened} onClose={close} title="Your review" centered>
        <Fields productId={productId} onDone={close} />
      </Modal>
    </>
  );
}

function Fields({ productId, onDone }: { productId: string; onDone: () => void }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { rating: 0, title: '', text: '' },
    validate: { rating: (rating) => (rating < 1 ? 'Choose one to five stars' : null) },
  });
  const create = useMutation(
    trpc.reviews.create.mutationOptions({
      onSuccess: async () => {
        onDone();
        notifications.show({ color: 'pine', message: 'Thank you for your review.' });
        await Promise.all([
          queryClient.invalidateQueries(trpc.reviews.pathFilter()),
          queryClient.invalidateQueries(trpc.catalog.products.pathFilter()),
        ]);
      },
    }),
  );
  const submit = form.onSubmit(({ rating, title, text }) =>
    create.mutate({
      productId,
      rating,
      ...compact({ title: title.trim() || undefined, text: text.trim() || undefined }),
    }),
  );
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
        <InlineError error={create.error} />
        <Button type="submit" loading={create.isPending}>
          Publish review
        </Button>
      </Stack>
    </form>
  );
}
