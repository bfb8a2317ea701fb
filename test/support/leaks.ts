const SECRET_SETTINGS = [
  'ADMIN_SECRET',
  'GROQ_API_KEY',
  'KEY_SEED',
  'METRICS_TOKEN',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'ROTATION_WEBHOOK_SECRET',
];

/** Whatever looks like a client key, whosever it is. */
const CLIENT_KEY = /sk-[0-9A-Za-z]{48}/;

/**
 * Searches all that a server wrote for every secret that it was given. Each server that a test starts
 * is searched when it ends.
 *
 * @throws when there is one.
 */
export function refuseLeaks(output: string, settings: Readonly<Record<string, string>>): void {
  const secrets = SECRET_SETTINGS.flatMap((name) =>
    (settings[name] ?? '')
      .split(',')
      .filter((secret) => secret.length >= 8)
      .map((secret) => [name, secret] as const),
  );
  for (const [name, secret] of secrets) {
    if (output.includes(secret)) throw new Error(`the output holds ${name}:\n${output}`);
  }
  if (CLIENT_KEY.test(output)) throw new Error(`the output holds a client key:\n${output}`);
}
