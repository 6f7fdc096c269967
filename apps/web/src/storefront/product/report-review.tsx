import { Button, Modal, Radio, Stack, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import type { RouterInputs } from '@cartwright/sdk';
import { useTrpc } from '../../app/shop-context.tsx';
import { REPORT_WORDS } from '../../lib/review-words.ts';
import { InlineError } from '../../ui/states.tsx';

type Reason = RouterInputs['reviews']['report']['reason'];

/** Tells the moderators that something is wrong with a review. */
export function ReportReview({ reviewId, author }: { reviewId: string; author: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        onClick={open}
        aria-label={`Report the review of ${author}`}
      >
        Report
      </Button>
      <Modal opened={opened} onClose={close} title="Report this review" centered>
        <ReportForm reviewId={reviewId} onDone={close} />
      </Modal>
    </>
  );
}

function ReportForm({ reviewId, onDone }: { reviewId: string; onDone: () => void }) {
  const form = useForm<{ reason: Reason; text: string }>({ initialValues: { reason: 'spam', text: '' } });
  const report = useMutation(
    useTrpc().reviews.report.mutationOptions({
      onSuccess: () => {
        onDone();
        notifications.show({ color: 'pine', message: 'Thank you. We will look at it.' });
      },
    }),
  );
  const submit = form.onSubmit(({ reason, text }) =>
    report.mutate({ id: reviewId, reason, ...(text.trim() === '' ? {} : { text: text.trim() }) }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Radio.Group label="What is wrong with it?" {...form.getInputProps('reason')}>
          <Stack gap="xs" mt="xs">
            {Object.entries(REPORT_WORDS).map(([reason, words]) => (
              <Radio key={reason} value={reason} label={words} />
            ))}
          </Stack>
        </Radio.Group>
        <Textarea
          label="Anything we should know"
          autosize
          minRows={2}
          maxLength={500}
          {...form.getInputProps('text')}
        />
        <InlineError error={report.error} />
        <Button type="submit" loading={report.isPending}>
          Send report
        </Button>
      </Stack>
    </form>
  );
}
