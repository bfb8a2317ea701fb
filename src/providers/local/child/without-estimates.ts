import { GgufInsights } from 'node-llama-cpp';

/**
 * Keeps the library from loading a model and a context without their weights first, only to foresee
 * what the real ones will take: that reads the vocabulary twice more, and fills a third of the time
 * of a load. What fits was computed before the process began (memory-need.ts). The library has no
 * setting for it; without a source to try it estimates by the header alone (node-llama-cpp 3.21.1,
 * `_simulateModelResourceUsage`).
 */
export function withoutEstimates(): void {
  Object.assign(GgufInsights.prototype, { _resolveSimulatorSource: () => Promise.resolve(null) });
}
