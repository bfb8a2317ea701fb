import { z } from 'zod';
import { schema } from './schema.ts';

/** One setting, in words. */
type Documented = { readonly name: string; readonly about: string; readonly value: string };

/** Set by the host, not by the operator. */
const FROM_THE_HOST = new Set(['NODE_ENV', 'RENDER']);

/** The README's table of settings. */
export function settingsTable(): string {
  const rows = documented().map(
    ({ name, about, value }) => `| \`${name}\` | ${value ? `\`${value}\`` : '–'} | ${about} |`,
  );
  return ['| setting | default | what it is for |', '|---|---|---|', ...rows].join('\n');
}

/** The content of `.env.example`. */
export function envExample(): string {
  const head =
    '# Copy to .env and uncomment what you want to change. Every line shows the default.\n' +
    '# .env is read in development only; in production set real environment variables.\n';
  const lines = documented()
    .filter(({ name }) => !FROM_THE_HOST.has(name))
    .map(({ name, about, value }) => `# ${about.replaceAll('`', '')}\n#${name}=${value}\n`);
  return [head, ...lines].join('\n');
}

function documented(): Documented[] {
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    about: field.description ?? '',
    value: field instanceof z.ZodDefault ? shown(field.def.defaultValue) : '',
  }));
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'object' && value !== null) return Object.entries(value).join(',');
  return String(value);
}
