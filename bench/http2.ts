import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { home } from './lib/peers.ts';

/** One protocol towards the provider, over TLS, with fifty requests under way. */
export type Http2Row = {
  readonly protocol: string;
  readonly perSecond: number;
  /** CPU microseconds of the asking side for one request. */
  readonly cpuMicros: number;
  readonly p50: number;
};

const REQUESTS = 4_000;
const ROUNDS = 3;

/** Weighs HTTP/2 to the provider against HTTP/1.1 with keep-alive, both by undici, in turns. */
export function benchHttp2(): Http2Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  const subject = ['-subj', '/CN=localhost', '-days', '1', '-nodes'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  try {
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    });
    const script = join(home, 'bench/peers/http2.mjs');
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [script, key, cert, String(REQUESTS), String(ROUNDS)],
      { encoding: 'utf8' },
    );
    if (!stdout) throw new Error(stderr);
    return JSON.parse(stdout) as Http2Row[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
