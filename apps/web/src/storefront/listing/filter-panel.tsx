import { Button, Divider, Group, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { toggleAttribute } from '../../lib/product-filters.ts';
import type { FilterChange, ProductFilters } from '../../lib/product-filters.ts';
import { Stars } from '../../ui/stars.tsx';
import { CategoryFacet } from './category-facet.tsx';
import { ManyFacet, OneFacet } from './facet-options.tsx';
import type { FacetOption } from './facet-options.tsx';
import { PriceRange } from './price-range.tsx';
import type { Facets } from './use-listing.ts';

interface FilterPanelProps {
  filters: ProductFilters;
  /** The category of the page or of the filters. */
  category: string | undefined;
  /** A page of one brand has no choice of brands. */
  withBrands: boolean;
  /** Undefined until they are known, null while nobody counts. */
  facets: Facets | null | undefined;
  active: number;
  onChange: (change: Partial<FilterChange>) => void;
  onCategory: (slug: string | undefined) => void;
  onClear: () => void;
}

const STARS = [4, 3, 2] as const;
/** As many as the shop counts of a facet: there may be more. */
const COUNTED_MAX = 50;

/** Category, stock, brand, price, rating and attributes, each choice with what it would leave. Each change lands in the address. */
export function FilterPanel(props: FilterPanelProps) {
  const { filters, category, withBrands, facets, active, onChange, onCategory, onClear } = props;
  const categories = facets?.categories;
  return (
    <Stack gap="lg">
      <Group justify="space-between" h={24}>
        <Text fw={650}>Filters</Text>
        {active > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={onClear}>
            Clear all
          </Button>
        )}
      </Group>
      <CategoryFacet
        selected={category}
        counts={
          categories && categories.length < COUNTED_MAX
            ? new Map(categories.map(({ slug, count }) => [slug, count]))
            : undefined
        }
        onSelect={onCategory}
      />
      <Divider />
      <Switch
        label={facets ? `In stock only (${facets.inStock})` : 'In stock only'}
        checked={filters.stock === true}
        onChange={(event) => onChange({ stock: event.currentTarget.checked ? true : undefined })}
      />
      {withBrands && (
        <BrandFacet selected={filters.brand} counted={facets?.brands} onSelect={(brand) => onChange({ brand })} />
      )}
      <PriceRange
        key={`${filters.min}-${filters.max}`}
        min={filters.min}
        max={filters.max}
        span={facets?.price ?? undefined}
        onChange={({ min, max }) => onChange({ min, max })}
      />
      <OneFacet
        title="Rating"
        any="Any rating"
        options={STARS.map((stars) => ({
          value: String(stars),
          name: `${stars} stars and up`,
          label: (
            <Group component="span" gap={6} wrap="nowrap">
              <Stars average={stars} /> <span>and up</span>
            </Group>
          ),
          count: facets?.ratings.find((rating) => rating.stars === stars)?.count,
        }))}
        selected={filters.rating === undefined ? undefined : String(filters.rating)}
        onSelect={(rating) => onChange({ rating: rating === undefined ? undefined : Number(rating) })}
      />
      {attributesOf(facets, filters).map(({ name, options }) => (
        <ManyFacet
          key={name}
          title={name}
          options={options}
          selected={filters.attr?.[name] ?? []}
          onToggle={(value) => onChange({ attr: toggleAttribute(filters.attr, name, value) })}
        />
      ))}
    </Stack>
  );
}

function BrandFacet({
  selected,
  counted,
  onSelect,
}: {
  selected: string | undefined;
  counted: Facets['brands'] | undefined;
  onSelect: (slug: string | undefined) => void;
}) {
  const trpc = useTrpc();
  // The list of all is needed where not all are counted, or the chosen one would leave nothing.
  const complete = counted !== undefined && counted.length < COUNTED_MAX;
  const named = selected === undefined || counted?.some(({ slug }) => slug === selected);
  const { data } = useQuery(
    trpc.catalog.brands.list.queryOptions(undefined, { staleTime: 300_000, enabled: !complete || !named }),
  );
  const known = new Set(counted?.map(({ slug }) => slug));
  const others = (data?.items ?? []).filter(({ slug }) => !known.has(slug) && (!complete || slug === selected));
  const options: FacetOption[] = [
    ...(counted ?? []).map(({ slug, name, count }) => ({ value: slug, name, count })),
    ...others.map(({ slug, name }) => ({ value: slug, name, count: complete ? 0 : undefined })),
  ];
  if (options.length === 0) return null;
  return <OneFacet title="Brand" any="All brands" options={options} selected={selected} onSelect={onSelect} />;
}

/** What is counted, and what is chosen besides: it must be possible to take that back. */
function attributesOf(
  facets: Facets | null | undefined,
  { attr = {} }: ProductFilters,
): { name: string; options: FacetOption[] }[] {
  const counted = facets?.attributes ?? [];
  const names = new Set([...counted.map(({ name }) => name), ...Object.keys(attr)]);
  return [...names].map((name) => {
    const values = counted.find((attribute) => attribute.name === name)?.values ?? [];
    const chosen = (Object.hasOwn(attr, name) ? (attr[name] ?? []) : []).filter(
      (value) => !values.some((each) => each.value === value),
    );
    return {
      name,
      options: [
        ...values.map(({ value, count }) => ({ value, name: value, count })),
        ...chosen.map((value) => ({ value, name: value, count: facets ? 0 : undefined })),
      ],
    };
  });
}
