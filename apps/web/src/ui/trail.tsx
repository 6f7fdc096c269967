import { Breadcrumbs, Text } from '@mantine/core';
import { TextLink } from './links.tsx';

interface TrailProps {
  /** Categories from the root down. */
  steps: readonly { id: string; name: string; slug: string }[];
  current: string;
}

/** The way from the home page to here. */
export function Trail({ steps, current }: TrailProps) {
  return (
    <Breadcrumbs component="nav" aria-label="Breadcrumb" separatorMargin={7} mb="sm" style={{ flexWrap: 'wrap' }}>
      <TextLink to="/" size="sm" c="dimmed">
        Home
      </TextLink>
      {steps.map((step) => (
        <TextLink key={step.id} to="/c/$slug" params={{ slug: step.slug }} size="sm" c="dimmed">
          {step.name}
        </TextLink>
      ))}
      <Text size="sm" lh={1.5} aria-current="page" truncate maw="100%">
        {current}
      </Text>
    </Breadcrumbs>
  );
}
