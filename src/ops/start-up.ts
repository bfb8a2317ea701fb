import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** Exit code for settings that can't work (sysexits.h, EX_CONFIG). */
const EX_CONFIG = 78;

/** What listening says to a wrong `HOST`. */
const HOST_ERRORS: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EAI_AGAIN',
  'ENOTFOUND',
]);

/** `.env` is there and can't be read as what it should be. */
class DotEnvError extends Error {
  override readonly name = 'DotEnvError';
}

/**
 * Reads `.env` where there is one, outside production; what is set already wins.
 *
 * @throws DotEnvError
 */
export function readDotEnv(): void {
  if (process.env['NODE_ENV'] === 'production' || process.env['RENDER']) return;
  for (const [name, value] of Object.entries(parseEnv(dotEnvText()))) process.env[name] ??= value;
}

/** Node's own reader takes a byte order mark for a part of the first name, and UTF-16 for nothing at all. */
function dotEnvText(): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync('.env');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new DotEnvError(`.env can't be read (${code}): mend it, or take it away.`);
  }
  if (bytes.includes(0)) {
    throw new DotEnvError('.env is no UTF-8 text (Windows often writes UTF-16): save it as UTF-8.');
  }
  return bytes.toString().replace(/^\uFEFF/, '');
}

/** A start that failed is one readable message, not a stack. */
export function explainAndExit(error: unknown): never {
  const { name, code, message } = error as NodeJS.ErrnoException;
  process.stderr.write(`keyturn can't start: ${explanation(code, message)}\n`);
  const isExpected = name.endsWith('Error') && (code !== undefined || name !== 'Error');
  if (!isExpected || name === 'TypeError') process.stderr.write(`${(error as Error).stack}\n`);
  const isConfiguration = name === 'SettingsError' || name === 'DotEnvError';
  process.exit(isConfiguration ? EX_CONFIG : 1);
}

function explanation(code: string | undefined, message: string): string {
  if (code === 'EADDRINUSE') {
    return 'the port is in use by another program. Stop that one, or set PORT to another number.';
  }
  if (code === 'EACCES') return `permission denied (${message}). Set another PORT or DATA_DIR.`;
  if (code !== undefined && HOST_ERRORS.has(code)) {
    return `HOST is no address of this machine (${message}). Set it to 0.0.0.0 or 127.0.0.1, or leave it out.`;
  }
  return message;
}
