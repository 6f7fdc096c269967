import { Badge, Group } from '@mantine/core';
import type { RouterOutputs } from '@cartwright/sdk';

type Person = RouterOutputs['admin']['users']['list']['items'][number];

export const ROLE_WORDS: Readonly<Record<Person['role'], string>> = {
  customer: 'Customer',
  staff: 'Staff',
  admin: 'Administrator',
};

/** What stands out of a person: a role beyond customer, a ban, an address that isn't confirmed, an open invitation. */
export function PersonBadges({ person, size = 'sm' }: { person: Person; size?: 'sm' | 'lg' }) {
  return (
    <Group gap={6}>
      {person.role !== 'customer' && (
        <Badge size={size} variant="light">
          {ROLE_WORDS[person.role]}
        </Badge>
      )}
      {person.ban && (
        <Badge size={size} color="red" variant={person.ban.state === 'active' ? 'filled' : 'outline'}>
          {person.ban.state === 'active' ? 'Banned' : 'Ban planned'}
        </Badge>
      )}
      {person.invited ? (
        <Badge size={size} color="gray" variant="light">
          Invited
        </Badge>
      ) : (
        !person.emailVerified && (
          <Badge size={size} color="yellow.8" variant="light">
            Unverified
          </Badge>
        )
      )}
    </Group>
  );
}
