/** Exit code for settings that can't work (sysexits.h, EX_CONFIG). */
const EX_CONFIG = 78;

/** Reads `.env` where there is one, outside production; what is set already wins. */
export function readDotEnv(): void {
  if (process.env['NODE_ENV'] === 'production' || process.env['RENDER']) return;
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** A start that failed is one readable message, not a stack. */
export function explainAndExit(error: unknown): never {
  const { name, code, message } = error as NodeJS.ErrnoException;
  process.stderr.write(`keyturn can't start: ${explanation(code, message)}\n`);
  const isExpected = name.endsWith('Error') && (code !== undefined || name !== 'Error');
  if (!isExpected || name === 'TypeError') process.stderr.write(`${(error as Error).stack}\n`);
  process.exit(name === 'SettingsError' ? EX_CONFIG : 1);
}

function explanation(code: string | undefined, message: string): string {
  if (code === 'EADDRINUSE') {
    return 'the port is in use by another program. Stop that one, or set PORT to another number.';
  }
  if (code === 'EACCES') return `permission denied (${message}). Set another PORT or DATA_DIR.`;
  return message;
}
