/** Why one transaction comes before another. */
export type EdgeKind = 'ww' | 'wr' | 'rw' | 'rt';

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: EdgeKind;
  readonly why: string;
}

interface Step {
  readonly node: number;
  readonly edge: Edge;
}

/**
 * A cycle that snapshot isolation forbids: one in which no two anti-dependencies (rw) follow each other (A. Cerone and
 * A. Gotsman, "Analysing Snapshot Isolation": the relation (ww ∪ wr ∪ rt) ; rw? has no cycle). Every node stands twice
 * in the searched graph, for having been reached by rw or not, and rw leaves only the second. Answers a shortest cycle
 * among the edges of the given kinds, or null.
 */
export function findCycle(edges: readonly Edge[], kinds: ReadonlySet<EdgeKind>): Edge[] | null {
  const graph = new Map<number, Step[]>();
  const state = (node: number, byRw: boolean): number => node * 2 + Number(byRw);
  const add = (from: number, edge: Edge): void => {
    const steps = graph.get(from);
    const step = { node: state(edge.to, edge.kind === 'rw'), edge };
    if (steps === undefined) graph.set(from, [step]);
    else steps.push(step);
  };
  for (const edge of edges) {
    if (!kinds.has(edge.kind)) continue;
    add(state(edge.from, false), edge);
    if (edge.kind !== 'rw') add(state(edge.from, true), edge);
  }
  let shortest: Edge[] | null = null;
  for (const component of components(graph)) {
    for (const start of component) {
      const cycle = shortestBack(graph, start, new Set(component));
      if (cycle !== null && (shortest === null || cycle.length < shortest.length)) shortest = cycle;
    }
    if (shortest !== null) return shortest;
  }
  return null;
}

/** Strongly connected components with more than one node, or with a loop (Tarjan, without recursion). */
function components(graph: ReadonlyMap<number, readonly Step[]>): number[][] {
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const open = new Set<number>();
  const stack: number[] = [];
  const found: number[][] = [];
  for (const root of graph.keys()) {
    if (index.has(root)) continue;
    const work: { node: number; at: number }[] = [{ node: root, at: 0 }];
    while (work.length > 0) {
      const frame = work[work.length - 1] as { node: number; at: number };
      const { node } = frame;
      if (frame.at === 0) {
        index.set(node, index.size);
        low.set(node, index.get(node) as number);
        stack.push(node);
        open.add(node);
      }
      const step = graph.get(node)?.[frame.at];
      frame.at += 1;
      if (step !== undefined) {
        if (!index.has(step.node)) work.push({ node: step.node, at: 0 });
        else if (open.has(step.node)) {
          low.set(node, Math.min(low.get(node) as number, index.get(step.node) as number));
        }
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent !== undefined) {
        low.set(parent.node, Math.min(low.get(parent.node) as number, low.get(node) as number));
      }
      if (low.get(node) !== index.get(node)) continue;
      const component: number[] = [];
      for (let member = -1; member !== node;) {
        member = stack.pop() as number;
        open.delete(member);
        component.push(member);
      }
      const loop = graph.get(node)?.some((own) => own.node === node) === true;
      if (component.length > 1 || loop) found.push(component);
    }
  }
  return found;
}

function shortestBack(
  graph: ReadonlyMap<number, readonly Step[]>,
  start: number,
  within: ReadonlySet<number>,
): Edge[] | null {
  const reached = new Map<number, { from: number; edge: Edge }>();
  const queue = [start];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const step of graph.get(node) ?? []) {
      if (!within.has(step.node) || reached.has(step.node)) continue;
      reached.set(step.node, { from: node, edge: step.edge });
      if (step.node === start) return pathTo(start, reached);
      queue.push(step.node);
    }
  }
  return null;
}

function pathTo(start: number, reached: ReadonlyMap<number, { from: number; edge: Edge }>): Edge[] {
  const path: Edge[] = [];
  let node = start;
  do {
    const step = reached.get(node) as { from: number; edge: Edge };
    path.unshift(step.edge);
    node = step.from;
  } while (node !== start);
  return path;
}
