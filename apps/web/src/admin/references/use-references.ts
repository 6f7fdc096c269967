import { useQuery } from '@tanstack/react-query';
import type { RouterOutputs } from '@cartwright/sdk';
import { useShop, useTrpc } from '../../app/shop-context.tsx';

export type AdminCategory = RouterOutputs['admin']['categories']['list']['items'][number];
export type AdminBrand = RouterOutputs['admin']['brands']['list']['items'][number];

/** The living categories, each after its parent; or the removed ones. */
export function useCategories(deleted = false) {
  return useQuery(useTrpc().admin.categories.list.queryOptions({ deleted }, { staleTime: 0 }));
}

/** All living brands, to choose one of. */
export function useAllBrands() {
  const shop = useShop();
  const trpc = useTrpc();
  return useQuery({
    queryKey: [...trpc.admin.brands.pathKey(), 'all'],
    staleTime: 0,
    queryFn: async ({ signal }): Promise<AdminBrand[]> => {
      const brands: AdminBrand[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await shop.api.admin.brands.list.query(
          { deleted: false, limit: 100, ...(cursor ? { cursor } : {}) },
          { signal },
        );
        brands.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return brands;
    },
  });
}

/** Categories by the way to them: `Home › Kitchen`. */
export function pathsOf(categories: readonly AdminCategory[]): Map<string, string> {
  const paths = new Map<string, string>();
  for (const { id, name, parentId } of categories) {
    const above = parentId === null ? undefined : paths.get(parentId);
    paths.set(id, above === undefined ? name : `${above} › ${name}`);
  }
  return paths;
}
