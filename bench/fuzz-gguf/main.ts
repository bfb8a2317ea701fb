// `npm run bench:fuzz`: damaged model files. Every one meets the header's reader; some of those that
// it lets pass meet llama.cpp in the model's own process. Fails when one of them brings anything but
// an answer or one clear error. FILES, TRIED and SEED change how many and which.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { ApiError } from '../../src/core/errors.ts';
import { BadGguf } from '../../src/providers/local/bad-gguf.ts';
import { readGgufHeader } from '../../src/providers/local/gguf.ts';
import { localModel } from '../../src/providers/local/local.ts';
import { mutations } from '../../test/support/gguf-mutations.ts';
import { writeGguf } from '../../test/support/gguf-writer.ts';

const files = Number(process.env['FILES'] ?? 2_500);
const tried = Number(process.env['TRIED'] ?? 24);
const seed = Number(process.env['SEED'] ?? 1);
const childPath = join(resolve(import.meta.dirname, '..'), 'dist', 'local-child.js');
const silent = { info: () => {}, warn: () => {}, error: () => {} };

type Verdict = 'readable' | 'refused' | 'unexpected';
type Outcome = 'answered' | 'one clear error' | 'unexpected';

const scratch = mkdtempSync(join(tmpdir(), 'keyturn-fuzz-'));
try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const path = join(scratch, 'damaged.gguf');
  writeGguf(path);
  const whole = readFileSync(path);
  const verdicts: Record<Verdict, number> = { readable: 0, refused: 0, unexpected: 0 };
  const outcomes: Record<Outcome, number> = { answered: 0, 'one clear error': 0, unexpected: 0 };
  let crashes = 0;
  let slowestMs = 0;
  // Spread over the whole run: about one damaged file in five is still readable.
  const every = Math.max(1, Math.floor(files / tried));
  let due = 0;
  for (const [index, bytes] of [...mutations(whole, { count: files, seed })].entries()) {
    writeFileSync(path, bytes);
    const since = performance.now();
    const verdict = await read(path, bytes.length, index);
    slowestMs = Math.max(slowestMs, performance.now() - since);
    verdicts[verdict] += 1;
    if (index % every === 0) due += 1;
    if (verdict !== 'readable' || due === 0) continue;
    due -= 1;
    const { outcome, crashed } = await load(path, index);
    outcomes[outcome] += 1;
    crashes += crashed;
  }
  console.log(`${files} damaged files, seed ${seed}; slowest header ${slowestMs.toFixed(1)} ms`);
  console.table({ header: verdicts, loaded: outcomes });
  console.log(`llama.cpp went down ${crashes} times, alone`);
  if (verdicts.unexpected + outcomes.unexpected > 0) process.exitCode = 1;
}

async function read(path: string, bytes: number, index: number): Promise<Verdict> {
  const file = await open(path);
  try {
    await readGgufHeader(file, bytes);
    return 'readable';
  } catch (error) {
    if (error instanceof BadGguf) return 'refused';
    console.error(`file ${index}:`, error);
    return 'unexpected';
  } finally {
    await file.close();
  }
}

async function load(path: string, index: number): Promise<{ outcome: Outcome; crashed: number }> {
  const model = localModel({
    ...{ modelPath: path, modelName: 'damaged', childPath, contextSize: 256, queueLimit: 1 },
    ...{ idleUnloadMs: 60_000, watchdogMs: 10_000, threads: 1, stateCacheBytes: 0 },
    log: silent,
    clock: systemClock,
  });
  const params = { messages: [{ role: 'user', content: 'ba' }], max_tokens: 2 };
  try {
    await model.chat({ id: 'fuzz', params, fallback: 'off' }, AbortSignal.timeout(60_000));
    return { outcome: 'answered', crashed: model.state().crashesTotal };
  } catch (error) {
    const crashed = model.state().crashesTotal;
    if (error instanceof ApiError) return { outcome: 'one clear error', crashed };
    console.error(`file ${index}:`, error);
    return { outcome: 'unexpected', crashed };
  } finally {
    await model.close();
  }
}
