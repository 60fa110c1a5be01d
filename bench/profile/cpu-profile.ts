/** A V8 CPU profile (https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile), as far as it is read. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Microseconds of the monotonic clock. */
  readonly startTime: number;
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** One place in the code and the time that the processor spent in it. */
export interface Frame {
  readonly name: string;
  /** Package, `node:` module or V8's own word in parentheses. */
  readonly owner: string;
  /** The same, but what Node does is put down to the package that asked for it. */
  readonly cause: string;
  readonly file: string;
  readonly selfMs: number;
}

/** A stretch of the monotonic clock, in milliseconds. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Self time by place within a stretch of time; waiting is left out. */
export function framesOf(profile: CpuProfile, { fromMs, toMs }: Window): Frame[] {
  const selfUs = new Map<number, number>();
  let nowUs = profile.startTime;
  for (const [i, id] of profile.samples.entries()) {
    const deltaUs = profile.timeDeltas[i] ?? 0;
    nowUs += deltaUs;
    if (nowUs >= fromMs * 1_000 && nowUs <= toMs * 1_000) selfUs.set(id, (selfUs.get(id) ?? 0) + deltaUs);
  }
  const parents = new Map<number, ProfileNode>();
  for (const node of profile.nodes) for (const child of node.children ?? []) parents.set(child, node);
  return profile.nodes.flatMap((node) => {
    const us = selfUs.get(node.id) ?? 0;
    const { functionName, url, lineNumber } = node.callFrame;
    if (us === 0 || functionName === '(idle)') return [];
    const name = functionName || '(anonymous)';
    return [
      { name, owner: ownerOf(node), cause: causeOf(node, parents), file: fileOf(url, lineNumber), selfMs: us / 1_000 },
    ];
  });
}

function ownerOf({ callFrame: { url, functionName } }: ProfileNode): string {
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (installed !== undefined) return installed;
  const own = /\/((?:packages|services)\/[^/]+)\//.exec(url)?.[1];
  if (own !== undefined) return own;
  if (url.startsWith('node:')) return 'node';
  return functionName.startsWith('(') ? functionName : 'native';
}

/** The nearest caller that is neither Node nor V8. */
function causeOf(node: ProfileNode, parents: ReadonlyMap<number, ProfileNode>): string {
  for (let at: ProfileNode | undefined = node; at !== undefined; at = parents.get(at.id)) {
    const owner = ownerOf(at);
    if (owner !== 'node' && owner !== 'native' && owner !== '(root)') return owner;
  }
  return 'node';
}

function fileOf(url: string, lineNumber: number): string {
  const short = url
    .replace(/^file:\/\/.*?\/(?=(?:node_modules|packages|services)\/)/, '')
    .replace(/.*\/node_modules\//, '');
  return short === '' ? '' : `${short}:${lineNumber + 1}`;
}
