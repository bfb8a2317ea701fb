type Options = {
  readonly version: string;
  readonly port: number;
  /** Who answers, in words: "Groq (openai/gpt-oss-120b), then the local model lifeboat". */
  readonly answersFrom: string;
  readonly admin: {
    readonly secret: string;
    /** Whether this boot made it: only then it is shown. */
    readonly madeNow: boolean;
  };
};

/** Prints what a newcomer needs, ready to paste: to the terminal, never to the log or in production. */
export function greet(options: Options): void {
  process.stdout.write(banner(options));
}

function banner({ version, port, answersFrom, admin }: Options): string {
  const newAdminSecret = admin.madeNow ? admin.secret : undefined;
  const address = `http://localhost:${port}`;
  const secret = newAdminSecret ?? '$ADMIN_SECRET';
  const secretLine = newAdminSecret
    ? `Admin secret (made for this first boot; npm run cli -- key shows it again):\n  ${newAdminSecret}`
    : 'Admin secret: your ADMIN_SECRET, or the one made at the first boot (npm run cli -- key shows it).';
  const header = newAdminSecret ? `'admin-secret: ${secret}'` : `"admin-secret: ${secret}"`;
  return `
keyturn ${version} listens on ${address}
Answers come from: ${answersFrom}

${secretLine}

Fetch the key of this week:
  KEY=$(curl -s ${address}/current-key -H ${header} | sed 's/.*"api_key":"\\([^"]*\\)".*/\\1/')
Chat with it:
  curl -s ${address}/chat -H "x-api-key: $KEY" -H 'content-type: application/json' -d '{"prompt":"Who are you?"}'

`;
}

type Sources = {
  readonly groq: { readonly apiKeys: readonly string[] };
  readonly models: { readonly main: string; readonly fallbacks: readonly string[] };
};

/** Where answers will come from, in one line. */
export function answersFrom({ groq, models }: Sources, servedBy: string): string {
  const local = `local model ${servedBy.replace('local/', '')}`;
  if (groq.apiKeys.length === 0) return `${local} (no GROQ_API_KEY is set)`;
  return `Groq (${[models.main, ...models.fallbacks].join(', ')}), then ${local}`;
}
