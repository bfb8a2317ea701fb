import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** V8's own form of a profile. Times in microseconds. */
type Profile = {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

type ProfileNode = {
  readonly id: number;
  readonly children?: readonly number[];
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
};

/** A function that ran, and the files of it and of those that called it, the innermost first. */
export type Sample = {
  readonly name: string;
  readonly files: readonly string[];
  readonly micros: number;
};

/** Reads a profile from its file. */
export function samplesIn(file: string): Sample[] {
  const profile: Profile = JSON.parse(readFileSync(file, 'utf8'));
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const micros = new Map<number, number>();
  for (const [index, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[index] ?? 0;
    micros.set(id, (micros.get(id) ?? 0) + delta);
  }
  const fileOf = sourceFiles();
  return [...micros].flatMap(([id, took]) => {
    const name = nodes.get(id)?.callFrame.functionName ?? '';
    if (name === '(idle)') return [];
    const files: string[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = nodes.get(at);
      if (node?.callFrame.url) files.push(fileOf(node));
    }
    return [{ name, files, micros: took }];
  });
}

/** Finds a function's source behind the bundle. */
function sourceFiles(): (node: ProfileNode) => string {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (url: string) => {
    const path = url.startsWith('file:') ? `${fileURLToPath(url)}.map` : '';
    if (!maps.has(url) && existsSync(path)) {
      maps.set(url, new SourceMap(JSON.parse(readFileSync(path, 'utf8'))));
    }
    return maps.get(url);
  };
  return ({ callFrame: { url, lineNumber, columnNumber } }) => {
    const entry = mapOf(url)?.findEntry(lineNumber, columnNumber);
    return entry && 'originalSource' in entry ? entry.originalSource : url;
  };
}
