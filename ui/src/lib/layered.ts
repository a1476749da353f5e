/** Where a node stands: its layer from left to right, and its place in it from top to bottom. */
export interface Placed {
  layer: number;
  place: number;
}

interface Edge {
  source: number;
  target: number;
}

const SWEEPS = 6;

/**
 * Lays a graph out in layers from left to right, so that edges lead to the right and few of them cross: layers by the longest
 * way (after K. Sugiyama et al., 1981), places by the mean of the neighbours'. What is in a circle is cut open.
 */
export function layered(count: number, edges: readonly Edge[]): Placed[] {
  const forward = withoutCircles(count, edges);
  const layers = layersOf(count, forward);
  const rows = groupedByLayer(layers);
  const above = neighboursOf(count, forward, "target", "source");
  const below = neighboursOf(count, forward, "source", "target");
  const place = new Array<number>(count).fill(0);
  rows.forEach((row) => row.forEach((node, index) => (place[node] = index)));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isDown = sweep % 2 === 0;
    const order = isDown ? rows : rows.toReversed();
    for (const row of order) sortByNeighbours(row, isDown ? above : below, place);
  }
  return layers.map((layer, node) => ({ layer, place: place[node]! - (rows[layer]!.length - 1) / 2 }));
}

function withoutCircles(count: number, edges: readonly Edge[]): Edge[] {
  const targets = neighboursOf(count, edges, "source", "target");
  const state = new Uint8Array(count); // 0 not seen, 1 on the way, 2 done
  const cut = new Set<string>();
  for (let start = 0; start < count; start += 1) {
    if (state[start] !== 0) continue;
    const way: { node: number; next: number }[] = [{ node: start, next: 0 }];
    state[start] = 1;
    while (way.length > 0) {
      const top = way.at(-1)!;
      const target = targets[top.node]![top.next];
      top.next += 1;
      if (target === undefined) {
        state[top.node] = 2;
        way.pop();
      } else if (state[target] === 1) cut.add(`${top.node} ${target}`);
      else if (state[target] === 0) {
        state[target] = 1;
        way.push({ node: target, next: 0 });
      }
    }
  }
  return edges.filter(({ source, target }) => source !== target && !cut.has(`${source} ${target}`));
}

function layersOf(count: number, edges: readonly Edge[]): number[] {
  const layers = new Array<number>(count).fill(0);
  const waits = new Array<number>(count).fill(0);
  const targets = neighboursOf(count, edges, "source", "target");
  for (const { target } of edges) waits[target]! += 1;
  const ready = waits.flatMap((number, node) => (number === 0 ? [node] : []));
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    for (const target of targets[node]!) {
      layers[target] = Math.max(layers[target]!, layers[node]! + 1);
      waits[target]! -= 1;
      if (waits[target] === 0) ready.push(target);
    }
  }
  return layers;
}

function groupedByLayer(layers: readonly number[]): number[][] {
  const rows: number[][] = [];
  layers.forEach((layer, node) => (rows[layer] ??= []).push(node));
  return rows;
}

function neighboursOf(count: number, edges: readonly Edge[], from: keyof Edge, to: keyof Edge): number[][] {
  const found: number[][] = Array.from({ length: count }, () => []);
  for (const edge of edges) found[edge[from]]!.push(edge[to]);
  return found;
}

function sortByNeighbours(row: number[], neighbours: readonly number[][], place: number[]): void {
  const means = new Map(
    row.map((node) => {
      const near = neighbours[node]!;
      return [
        node,
        near.length === 0 ? place[node]! : near.reduce((sum, one) => sum + place[one]!, 0) / near.length,
      ];
    }),
  );
  row.sort((one, other) => means.get(one)! - means.get(other)! || place[one]! - place[other]!);
  row.forEach((node, index) => (place[node] = index));
}
