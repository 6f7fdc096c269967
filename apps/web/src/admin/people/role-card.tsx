import { Button, Paper, Select, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useState } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { ROLE_WORDS } from './person-badges.tsx';
import { usePeopleChanged } from './use-people-changed.ts';

type Person = RouterOutputs['admin']['users']['byId'];

const ROLES = (['customer', 'staff', 'admin'] as const).map((value) => ({ value, label: ROLE_WORDS[value] }));

/** What a user may do. It holds for their open sessions at once. */
export function RoleCard({ person, isSelf }: { person: Person; isSelf: boolean }) {
  const trpc = useTrpc();
  const [role, setRole] = useState(person.role);
  const change = useMutation(trpc.admin.users.setRole.mutationOptions(usePeopleChanged()));
  return (
    <Paper p="lg" component="section" aria-label="Role">
      <Title order={2} size="h4" mb="xs">
        Role
      </Title>
      <Stack gap="sm" align="flex-start">
        <Select
          aria-label="Role"
          w="100%"
          data={ROLES}
          value={role}
          disabled={isSelf}
          allowDeselect={false}
          onChange={(value) => setRole(ROLES.find((one) => one.value === value)?.value ?? person.role)}
        />
        <Text size="sm" c="dimmed">
          {isSelf
            ? 'Nobody changes their own role.'
            : 'Staff run catalog, orders and reviews; administrators may do everything.'}
        </Text>
        <InlineError error={change.error} />
        {!isSelf && role !== person.role && (
          <Button loading={change.isPending} onClick={() => change.mutate({ userId: person.id, role })}>
            Make {person.name} {role === 'customer' ? 'a customer' : role === 'staff' ? 'staff' : 'an administrator'}
          </Button>
        )}
      </Stack>
    </Paper>
  );
}
