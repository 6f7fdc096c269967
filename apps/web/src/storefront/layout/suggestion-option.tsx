import { Group, Text, ThemeIcon } from '@mantine/core';
import { IconBuildingStore, IconCategory, IconSearch } from '@tabler/icons-react';
import type { RouterOutputs } from '@cartwright/sdk';
import { MarkedText } from '../../ui/marked-text.tsx';
import { Price } from '../../ui/price.tsx';
import { ProductImage } from '../../ui/product-image.tsx';

export type Suggestion = RouterOutputs['search']['suggest']['items'][number];

const ICONS = { query: IconSearch, category: IconCategory, brand: IconBuildingStore };
const KINDS = { query: '', category: 'Category', brand: 'Brand' };

/** What tells suggestions apart. */
export const suggestionKey = (item: Suggestion): string =>
  item.kind === 'query' ? `query:${item.label}` : `${item.kind}:${item.slug}`;

/** One suggestion: a picture or a sign, the words with what was typed marked, and what it is or costs. */
export function SuggestionOption({ item }: { item: Suggestion }) {
  return (
    <Group gap="sm" wrap="nowrap" mih={30}>
      {item.kind === 'product' ? (
        <ProductImage image={item.image} alt="" size={30} />
      ) : (
        <SuggestionIcon kind={item.kind} />
      )}
      <Text size="sm" truncate flex={1}>
        <MarkedText text={item.label} ranges={item.ranges} />
      </Text>
      {item.kind === 'product' ? (
        <Price price={item.price} size="sm" />
      ) : (
        <Text size="xs" c="dimmed">
          {KINDS[item.kind]}
        </Text>
      )}
    </Group>
  );
}

function SuggestionIcon({ kind }: { kind: keyof typeof ICONS }) {
  const Icon = ICONS[kind];
  return (
    <ThemeIcon variant="transparent" color="gray.6" size={30} aria-hidden>
      <Icon size={17} />
    </ThemeIcon>
  );
}
