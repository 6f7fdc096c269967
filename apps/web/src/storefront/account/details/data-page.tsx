import { Anchor, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTrpc } from '../../../app/shop-context.tsx';
import { formatDate } from '../../../lib/dates.ts';
import { reasonOf } from '../../../lib/errors.ts';
import { compact } from '../../../lib/search-params.ts';
import { Page } from '../../../ui/page.tsx';
import { InlineError } from '../../../ui/states.tsx';
import { DetailCard, Saved } from './detail-card.tsx';

const LOOK_AGAIN_MS = 2_000;

/** A copy of one's data, and leaving. */
export function DataPage() {
  return (
    <Page title="Your data" size={760}>
      <Stack gap="lg">
        <CopyCard />
        <RemovalCard />
      </Stack>
    </Page>
  );
}

function CopyCard() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const status = useQuery(
    trpc.account.exportStatus.queryOptions(undefined, {
      refetchInterval: ({ state }) => (state.data?.status === 'pending' ? LOOK_AGAIN_MS : false),
    }),
  );
  const begin = useMutation(
    trpc.account.exportData.mutationOptions({
      onSuccess: (begun) => queryClient.setQueryData(trpc.account.exportStatus.queryKey(), begun),
    }),
  );
  const { data } = status;
  // The link is good for minutes, so it is asked for when it is used.
  const download = useMutation(
    trpc.account.exportDownload.mutationOptions({ onSuccess: ({ url }) => window.location.assign(url) }),
  );
  return (
    <DetailCard
      title="A copy of your data"
      hint="All that we know of you, as a JSON file: profile, addresses, orders and more."
    >
      <Group>
        <Button
          variant="default"
          loading={begin.isPending || data?.status === 'pending'}
          onClick={() => begin.mutate()}
        >
          Put a copy together
        </Button>
        {data?.bytes !== undefined && (
          <Anchor component="button" type="button" disabled={download.isPending} onClick={() => download.mutate()}>
            Download ({Math.ceil(data.bytes / 1_024)} KB)
          </Anchor>
        )}
      </Group>
      {data?.status === 'pending' && <Saved>We are putting it together. This takes a moment.</Saved>}
      {data?.status === 'failed' && (
        <Text size="sm" role="alert">
          It could not be put together. Try again, and write to us if that does not help.
        </Text>
      )}
      {data?.expiresAt && (
        <Text size="sm" c="dimmed">
          We keep it until {formatDate(data.expiresAt)}.
        </Text>
      )}
      <InlineError error={begin.error ?? download.error ?? status.error} />
    </DetailCard>
  );
}

function RemovalCard() {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure(false);
  const me = useQuery(trpc.account.me.queryOptions());
  const keep = useMutation(
    trpc.account.cancelRemoval.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.account.me.queryFilter()),
    }),
  );
  const dueAt = me.data?.removalDueAt;
  return (
    <DetailCard
      title="Remove your account"
      hint="Your profile, addresses, cart and notifications are deleted after 14 days. We keep your orders as the law asks, without your account."
    >
      {dueAt ? (
        <Group>
          <Text size="sm">Your account will be deleted on {formatDate(dueAt)}.</Text>
          <Button loading={keep.isPending} onClick={() => keep.mutate({})}>
            Keep my account
          </Button>
        </Group>
      ) : (
        <Button variant="outline" color="red" onClick={open} style={{ alignSelf: 'flex-start' }}>
          Remove my account
        </Button>
      )}
      <InlineError error={keep.error} />
      <Modal opened={isOpen} onClose={close} title="Remove your account" centered>
        <RemovalForm onCancel={close} />
      </Modal>
    </DetailCard>
  );
}

function RemovalForm({ onCancel }: { onCancel: () => void }) {
  const form = useForm({
    initialValues: { password: '', code: '' },
    validate: { password: isNotEmpty('Enter your password') },
  });
  const remove = useMutation(useTrpc().account.remove.mutationOptions());
  const refusal = reasonOf(remove.error);
  const asksForCode = refusal === 'TWO_FACTOR_REQUIRED' || refusal === 'TWO_FACTOR_CODE_INVALID';
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ password, code }) =>
        remove.mutate({ password, ...compact({ code: code.trim() || undefined }) }),
      )}
    >
      <Stack>
        <Text size="sm">
          You are signed out everywhere now. For 14 days you can change your mind: by the link that we mail you, or by
          signing in.
        </Text>
        <PasswordInput label="Your password" autoComplete="current-password" {...form.getInputProps('password')} />
        {(asksForCode || form.values.code !== '') && (
          <TextInput
            label="Code of your authenticator app"
            autoComplete="one-time-code"
            inputMode="numeric"
            {...form.getInputProps('code')}
          />
        )}
        <InlineError error={remove.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={remove.isPending}>
            Remove my account
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
