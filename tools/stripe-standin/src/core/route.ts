import type { Context, Origin } from './context.ts';
import { parseParameters, type Param, type Params } from './parameters.ts';
import type { FormTree } from './form-encoding.ts';

export interface Call<P> {
  context: Context;
  origin: Origin;
  params: P;
  /** The `:name` parts of the path. */
  path: Record<string, string>;
}

/** One endpoint: its parameters are checked before `run`, which works synchronously inside one transaction. */
export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  segments: string[];
  prepare(tree: FormTree): (context: Context, origin: Origin, path: Record<string, string>) => object;
}

export function route<S extends Record<string, Param<unknown>>>(
  method: Route['method'],
  path: string,
  shape: S,
  run: (call: Call<Params<S>>) => object,
): Route {
  return {
    method,
    segments: path.split('/').filter(Boolean),
    prepare(tree) {
      const params = parseParameters(shape, tree);
      return (context, origin, pathParts) => run({ context, origin, params, path: pathParts });
    },
  };
}

/** Finds the route of a request and the values of its path parts. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  pathname: string,
): { route: Route; path: Record<string, string> } | null {
  const segments = pathname.split('/').filter(Boolean);
  for (const candidate of routes) {
    if (candidate.method !== method || candidate.segments.length !== segments.length) continue;
    const path: Record<string, string> = {};
    const matches = candidate.segments.every((segment, index) => {
      const actual = segments[index] ?? '';
      if (!segment.startsWith(':')) return segment === actual;
      path[segment.slice(1)] = safeDecode(actual);
      return true;
    });
    if (matches) return { route: candidate, path };
  }
  return null;
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The value of a path part that the route's pattern guarantees. */
export function pathId(path: Record<string, string>): string {
  return path['id'] ?? '';
}
