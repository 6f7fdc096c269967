import type { IndexMark } from '@cartwright/feature-catalog';
import type { SearchIndex } from '../search-index.ts';
import type { IndexFound, IndexSearch } from '../search.ports.ts';

/** All pages of a search, one after another: the answer to the last one, with the ids of all. */
export async function allPages(
  index: Pick<SearchIndex, 'search'>,
  search: Omit<IndexSearch, 'page'>,
  limit: number,
): Promise<Omit<IndexFound, 'ids'> & { ids: string[] }> {
  const ids: string[] = [];
  for (let mark: IndexMark | undefined; ;) {
    const found = await index.search({ ...search, page: { limit, mark } });
    if (!found) throw new Error('There is no index');
    ids.push(...found.ids);
    if (!found.next) return { ...found, ids };
    if (found.ids.length !== limit) throw new Error(`A page of ${found.ids.length} in place of ${limit} goes on`);
    mark = found.next;
  }
}
