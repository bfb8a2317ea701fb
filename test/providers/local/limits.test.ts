import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readLimits, threadCount } from '../../../src/providers/local/cgroup.ts';
import type { GgufHeader } from '../../../src/providers/local/gguf.ts';
import {
  fittingContext,
  longestEmbedding,
  memoryNeed,
} from '../../../src/providers/local/memory-need.ts';
import { failedAgain, NO_FAILURES, restartAfter } from '../../../src/providers/local/restart.ts';
import { lineMs, UNMEASURED, withService } from '../../../src/providers/local/speed.ts';

const MB = 2 ** 20;

function limitsFrom(files: Readonly<Record<string, string>>) {
  return readLimits({ read: (path) => files[path] });
}

describe('the limits of this process', () => {
  it('come from the tightest group of cgroup v2', () => {
    const limits = limitsFrom({
      '/proc/self/cgroup': '0::/app/web\n',
      '/sys/fs/cgroup/app/web/memory.max': 'max\n',
      '/sys/fs/cgroup/app/memory.max': `${512 * MB}\n`,
      '/sys/fs/cgroup/app/cpu.max': '50000 100000\n',
    });
    expect(limits).toMatchObject({ memoryBytes: 512 * MB, cpuQuota: 0.5 });
  });

  it('come from the root of the container, where the path of the host is unknown', () => {
    const limits = limitsFrom({
      '/proc/self/cgroup': '0::/system.slice/docker-1234.scope\n',
      '/sys/fs/cgroup/memory.max': `${256 * MB}\n`,
      '/sys/fs/cgroup/cpu.max': '200000 100000\n',
    });
    expect(limits).toMatchObject({ memoryBytes: 256 * MB, cpuQuota: 2 });
  });

  it('come from cgroup v1 where there is no v2', () => {
    const limits = limitsFrom({
      '/proc/self/cgroup': '5:cpu,cpuacct:/box\n4:memory:/box\n',
      '/sys/fs/cgroup/memory/box/memory.limit_in_bytes': String(300 * MB),
      '/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us': '10000',
      '/sys/fs/cgroup/cpu/box/cpu.cfs_period_us': '100000',
    });
    expect(limits).toMatchObject({ memoryBytes: 300 * MB, cpuQuota: 0.1 });
  });

  it('are those of the machine without any group', () => {
    const unlimited = { '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712' };
    for (const files of [{}, unlimited]) {
      expect(limitsFrom(files)).toMatchObject({ memoryBytes: totalmem(), cpuQuota: undefined });
    }
  });
});

describe('the number of threads', () => {
  it.each([
    [0.1, 8, 1],
    [1.9, 8, 1],
    [4, 8, 4],
    [16, 8, 8],
    [undefined, 8, 7],
    [undefined, 2, 1],
    [undefined, 1, 1],
  ])('for a quota of %s on %d cores is %d', (cpuQuota, cores, threads) => {
    expect(threadCount({ cpuQuota, cores })).toBe(threads);
  });
});

const smol: GgufHeader = {
  architecture: 'llama',
  layers: 30,
  embedding: 576,
  heads: 9,
  headsKv: 3,
  keyLength: 64,
  valueLength: 64,
  trainContext: 8192,
  vocabulary: 49_152,
  fileType: 7,
  chatTemplate: undefined,
  embedsWhole: false,
  weightBytes: 145_000_000,
};

describe('the memory that a model needs', () => {
  it('is about what was measured: 261 MB for 135M Q8_0 at a context of 1,024', () => {
    expect(memoryNeed(smol, 1024) / MB).toBeGreaterThan(245);
    expect(memoryNeed(smol, 1024) / MB).toBeLessThan(300);
  });

  it('decides the context: as wanted, smaller, or none', () => {
    expect(fittingContext(smol, 1024, 400 * MB)).toBe(1024);
    expect(fittingContext(smol, 8192, 300 * MB)).toBe(1024);
    expect(fittingContext(smol, 8192, 200 * MB)).toBeUndefined();
    expect(fittingContext({ ...smol, trainContext: 512 }, 8192, 400 * MB)).toBe(512);
  });
});

describe('the longest text whose embedding fits', () => {
  it('is as long as the context where there is room, shorter where there is less, and none', () => {
    expect(longestEmbedding(smol, 1024, 80 * MB)).toBe(1024);
    expect(longestEmbedding(smol, 1024, 50 * MB)).toBeGreaterThanOrEqual(256);
    expect(longestEmbedding(smol, 1024, 50 * MB)).toBeLessThan(1024);
    expect(longestEmbedding(smol, 1024, 10 * MB)).toBe(0);
  });

  it('is shorter for a model that reads it whole', () => {
    const room = 200 * MB;
    expect(longestEmbedding({ ...smol, embedsWhole: true }, 1024, room)).toBeLessThan(
      longestEmbedding(smol, 1024, room),
    );
  });
});

describe('a child that failed', () => {
  it('is started again at once, then later and later, then not for a while', () => {
    let failures = NO_FAILURES;
    const delays = [];
    for (let times = 0; times < 5; times += 1) {
      const restart = restartAfter(failures, 0);
      delays.push(restart.kind === 'start' ? restart.delayMs : Number.NaN);
      failures = failedAgain(failures, 0);
    }
    expect(delays).toEqual([0, 0, 250, 500, 1000]);
    expect(restartAfter(failures, 4_000)).toEqual({ kind: 'pause', leftMs: 6_000 });
    expect(restartAfter(failures, 10_000)).toEqual({ kind: 'start', delayMs: 0 });
    failures = failedAgain(failures, 10_000);
    expect(restartAfter(failures, 10_000)).toEqual({ kind: 'pause', leftMs: 20_000 });
  });
});

describe('how long a line takes', () => {
  it('is what the turns took lately, times who waits, and the rest of the present one', () => {
    const speed = withService(UNMEASURED, 2_000);
    expect(lineMs(speed, 3, 500)).toBe(7_500);
    expect(lineMs(speed, 0, 9_000)).toBe(0);
    const slower = [4_000, 4_000, 4_000].reduce(withService, speed);
    expect(lineMs(slower, 1, 0)).toBe(8_000);
  });

  it('is not spoilt by one very long turn', () => {
    const speed = [100, 90_000, 110].reduce(withService, UNMEASURED);
    expect(lineMs(speed, 8, 0)).toBe(990);
  });
});
