import { readLimits } from '../providers/local/cgroup.ts';

/** What the server itself takes beside the model. */
const SERVER_BYTES = 75 * 2 ** 20;

/** The same with the embedded model beside it: with less, nobody answers but the cloud. */
export const LEAST_BYTES = SERVER_BYTES + 85 * 2 ** 20;

/** All memory that this machine, container or `LOCAL_MEMORY_MB` allows. */
export function mostBytes(memoryLimitBytes: number | undefined): number {
  return Math.min(readLimits().memoryBytes, memoryLimitBytes ?? Infinity);
}

/** What of it is left for a model. */
export function roomBytes(memoryLimitBytes: number | undefined): number {
  return Math.max(0, mostBytes(memoryLimitBytes) - SERVER_BYTES);
}

/** In the unit in which hosts are sold. */
export function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
