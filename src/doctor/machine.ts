import { createServer } from 'node:net';
import type { Settings } from '../config/settings.ts';
import { readLimits, threadCount } from '../providers/local/cgroup.ts';
import { modelFile } from '../providers/local/model-file.ts';
import { modelPath } from '../providers/model-path.ts';
import { type Finding, failure, fine, warning } from './finding.ts';
import { LEAST_BYTES, megabytes, mostBytes, roomBytes } from './room.ts';

/** Node is new enough. */
export function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const found = `Node ${process.versions.node}`;
  if (major > 20 || (major === 20 && minor >= 19)) return fine('node', found);
  return failure('node', found, 'Install Node 20.19 or newer: https://nodejs.org');
}

/** Memory and threads that the container or machine allows. */
export function checkMemory(settings: Settings): Finding {
  const most = mostBytes(settings.local.memoryLimitBytes);
  const threads = settings.local.threads ?? threadCount(readLimits());
  const found = `${megabytes(most)} MB, ${threads} thread${threads > 1 ? 's' : ''} for the local model`;
  if (most >= LEAST_BYTES) return fine('memory', found);
  return warning(
    'memory',
    found,
    `The server and the embedded model want ${megabytes(LEAST_BYTES)} MB together. Allow more, or expect cloud answers only.`,
  );
}

/** The local model's file is there, whole, and fits. */
export async function checkLocalModel(settings: Settings, home: string): Promise<Finding> {
  const { contextSize, model, memoryLimitBytes } = settings.local;
  const path = modelPath(home, model);
  const budgetBytes = () => roomBytes(memoryLimitBytes);
  const file = modelFile({ path, contextSize, budgetBytes });
  const inspection = await file.inspect();
  if (inspection.kind === 'unusable') {
    return failure('local model', inspection.reason, `Looked for: ${path}. LOCAL_MODEL names it.`);
  }
  return fine(
    'local model',
    `${model} needs ${megabytes(inspection.needBytes)} MB with a context of ${inspection.contextSize} tokens`,
  );
}

/** The port is free, or this server holds it. */
export async function checkPort({ host, port }: Settings): Promise<Finding> {
  const code = await bindError(host, port);
  if (code === undefined) return fine('port', `${port} is free`);
  if (code === 'EADDRINUSE') {
    const version = await keyturnAt(port);
    if (version) return fine('port', `keyturn ${version} runs on ${port}`);
    return failure('port', `${port} is taken by another program`, 'Stop that one, or set PORT.');
  }
  const mend =
    code === 'EACCES' ? 'Ports below 1024 need rights: set PORT higher.' : 'Set HOST and PORT.';
  return failure('port', `${host}:${port} can't be opened (${code})`, mend);
}

function bindError(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

async function keyturnAt(port: number): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health`, {
      signal: AbortSignal.timeout(2_000),
    });
    const { version, key } = (await answer.json()) as { version?: string; key?: object };
    return key ? version : undefined;
  } catch {
    return undefined;
  }
}
