import { Button, Center, EmptyState, Loader, Paper, Text, Title } from '@mantine/core';
import { IconCloudOff, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { wordsFor } from '../lib/reasons.ts';

interface ErrorStateProps {
  error: unknown;
  onRetry?: (() => void) | undefined;
  title?: string;
}

/** What stands where something could not be loaded: why, in words, and another try. */
export function ErrorState({ error, onRetry, title = 'That didn’t work' }: ErrorStateProps) {
  return (
    <Paper p="xl" role="alert">
      <EmptyState
        icon={<IconCloudOff size={36} stroke={1.4} />}
        title={
          <Title order={2} size="h3">
            {title}
          </Title>
        }
        description={wordsFor(error)}
      >
        {onRetry && (
          <EmptyState.Actions>
            <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={onRetry}>
              Try again
            </Button>
          </EmptyState.Actions>
        )}
      </EmptyState>
    </Paper>
  );
}

interface NothingHereProps {
  icon: ReactNode;
  title: string;
  description?: string;
  /** 1 where it stands for the whole page. */
  titleOrder?: 1 | 2;
  children?: ReactNode;
}

/** An empty list, said kindly, with the next thing to do as children. */
export function NothingHere({ icon, title, description, titleOrder = 2, children }: NothingHereProps) {
  return (
    <Paper p="xl" py={56}>
      <EmptyState
        icon={icon}
        title={
          <Title order={titleOrder} size="h3">
            {title}
          </Title>
        }
        description={description}
        size="lg"
      >
        {children && <EmptyState.Actions>{children}</EmptyState.Actions>}
      </EmptyState>
    </Paper>
  );
}

/** A one-line error under a form or button; announced to screen readers. */
export function InlineError({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <Text size="sm" c="red.8" role="alert">
      {wordsFor(error)}
    </Text>
  );
}

/** While a page's code or session is on its way. */
export function PageLoader() {
  return (
    <Center mih={320}>
      <Loader aria-label="Loading" />
    </Center>
  );
}
