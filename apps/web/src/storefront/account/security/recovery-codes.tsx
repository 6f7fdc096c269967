import { Alert, Button, Checkbox, Code, CopyButton, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';

interface RecoveryCodesProps {
  codes: readonly string[];
  title: string;
  onDone: () => void;
}

/** The recovery codes, this once: leaving asks whether they are kept. */
export function RecoveryCodes({ codes, title, onDone }: RecoveryCodesProps) {
  const [kept, setKept] = useState(false);
  const text = codes.join('\n');
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`Recovery codes for ${location.host}\n\n${text}\n`)}`;
  return (
    <Paper p={{ base: 'lg', sm: 'xl' }}>
      <Stack>
        <Title order={2} size="h3">
          {title}
        </Title>
        <Alert color="yellow" title="Keep these recovery codes">
          If you lose your phone, each of them signs you in once instead of a code. They are shown only now.
        </Alert>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" component="ul" style={{ listStyle: 'none', padding: 0 }}>
          {codes.map((code) => (
            <li key={code}>
              <Code fz="md" block ta="center">
                {code}
              </Code>
            </li>
          ))}
        </SimpleGrid>
        <Group>
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button
            component="a"
            href={file}
            download="recovery-codes.txt"
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            Download
          </Button>
        </Group>
        <Checkbox
          label="I have put them in a safe place"
          checked={kept}
          onChange={({ currentTarget }) => setKept(currentTarget.checked)}
        />
        <Group>
          <Button disabled={!kept} onClick={onDone}>
            Done
          </Button>
          {!kept && (
            <Text size="xs" c="dimmed">
              Please save them first.
            </Text>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
