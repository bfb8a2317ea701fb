import { z } from 'zod';
import { schema } from './schema.ts';

/** One setting, in words. */
type Documented = {
  readonly name: string;
  readonly about: string;
  readonly value: string;
  readonly form: string;
};

/** Which setting begins a chapter of the page. */
const CHAPTERS: Readonly<Record<string, string>> = {
  PORT: 'The server',
  ADMIN_SECRET: 'The key of the week',
  GROQ_API_KEY: 'Groq',
  FIRST_TOKEN_TIMEOUT_MS: 'Failing over, limits, cache',
  LOCAL_MODEL: 'The local model',
  TRUST_PROXY: 'Callers',
  METRICS_TOKEN: 'Metrics, traces, log',
  SHUTDOWN_GRACE_MS: 'The rest',
};

const COLUMNS = '| setting | default | form | what it is for |\n|---|---|---|---|';

const INTRODUCTION = `# Settings

<!-- Made from src/config/schema.ts by npm run docs. -->

All settings are environment variables. Outside production \`.env\` is read as well
(\`cp .env.example .env\`); what is set already wins. A start with wrong settings ends with exit code 78 and
names each of them, and what was expected, at once. \`keyturn doctor\` looks at them without a start.
`;

/** Set by the host, not by the operator. */
const FROM_THE_HOST = new Set(['NODE_ENV', 'RENDER']);

/** The README's table of settings. */
export function settingsTable(): string {
  const rows = documented().map(
    ({ name, about, value }) => `| \`${name}\` | ${value ? `\`${value}\`` : '–'} | ${about} |`,
  );
  return ['| setting | default | what it is for |', '|---|---|---|', ...rows].join('\n');
}

/** What `docs/settings.md` holds: every setting, what it takes, and what for. */
export function settingsPage(): string {
  const rows = documented().map(({ name, about, value, form }) => {
    const chapter = CHAPTERS[name];
    const head = chapter ? `\n## ${chapter}\n\n${COLUMNS}\n` : '';
    return `${head}| \`${name}\` | ${value ? `\`${value}\`` : '–'} | ${form} | ${about} |`;
  });
  return `${INTRODUCTION}${rows.join('\n')}\n`;
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
    form: formOf(field),
  }));
}

/** What a wrong value is told; a text, where none is wrong. */
function formOf(field: z.ZodType): string {
  const { issues = [] } = field.safeParse('\u0000').error ?? {};
  const told = issues.map(({ message }) => message).join('; ') || 'text';
  return told.replace(/^Invalid \w+: expected (one of )?/, '').replaceAll('|', ', ');
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'object' && value !== null) return Object.entries(value).join(',');
  return String(value);
}
