import { Button, Divider, Group, Stack, Text } from '@mantine/core';

const PASSWORD = 'cartwright-demo';
const ACCOUNTS = [
  { label: 'Customer', email: 'customer@cartwright.test' },
  { label: 'Admin', email: 'admin@cartwright.test' },
];

/** On a demo shop: its accounts, one click from the form. */
export function DemoAccounts({ onPick }: { onPick: (values: { email: string; password: string }) => void }) {
  return (
    <Stack gap="xs">
      <Divider label="This is a demo shop" labelPosition="center" />
      <Text size="sm" c="dimmed" ta="center">
        Fill in one of its accounts (password “{PASSWORD}”):
      </Text>
      <Group grow gap="sm">
        {ACCOUNTS.map(({ label, email }) => (
          <Button key={email} variant="default" size="sm" onClick={() => onPick({ email, password: PASSWORD })}>
            {label}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
