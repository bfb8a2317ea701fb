import { CommandFailure, EXIT } from './failure.ts';
import { readKeyHere } from './key-here.ts';

/** A server, and the right to talk to it. */
export type Connection = {
  /** Without a slash at its end. */
  readonly url: string;
  /** The model to ask for where the command line names none. */
  readonly model: string | undefined;
  /** Sends with the client key; one that has turned meanwhile is fetched anew, once. */
  asClient(path: string, options?: Sending): Promise<Response>;
  /** Sends with the admin secret. */
  asAdmin(path: string, options?: Sending): Promise<Response>;
};

export type Sending = {
  readonly method?: 'GET' | 'POST';
  readonly body?: object;
  readonly signal?: AbortSignal;
};

/** Where the server is, who may ask it, and with which model: by our names and by familiar ones. */
export function connect(environment: NodeJS.ProcessEnv = process.env): Connection {
  const url = (
    environment['KEYTURN_URL'] ||
    environment['GROQ_SERVER_URL'] ||
    `http://localhost:${environment['PORT'] || 3000}`
  )
    .trim()
    .replace(/\/+$/, '');
  const isHere = LOOPBACK.test(hostOf(url));
  const given = environment['KEYTURN_KEY'] || environment['GROQ_API_TOKEN'];
  const secret =
    environment['KEYTURN_ADMIN_SECRET'] || (isHere ? environment['ADMIN_SECRET'] : undefined);
  let key: string | undefined;

  async function adminSecret(): Promise<string | undefined> {
    return secret ?? (isHere ? (await readKeyHere()).adminSecret : undefined);
  }

  async function fetchKey({ signal }: Sending): Promise<string | undefined> {
    if (!secret) return isHere ? (await readKeyHere()).key?.value : undefined;
    const answer = await asAdmin('/current-key', signal ? { signal } : {});
    return ((await answer.json()) as { api_key: string }).api_key;
  }

  async function asAdmin(path: string, options: Sending = {}): Promise<Response> {
    const presented = await adminSecret();
    if (!presented) {
      throw new CommandFailure(
        EXIT.refused,
        'This needs the admin secret. Set KEYTURN_ADMIN_SECRET to the ADMIN_SECRET of the server.',
      );
    }
    if (!isHere && url.startsWith('http:')) {
      process.stderr.write('keyturn: the admin secret travels unencrypted: use an https address\n');
    }
    return accepted(await send(url + path, { 'admin-secret': presented }, options));
  }

  return {
    url,
    model: environment['KEYTURN_MODEL'] || environment['GROQ_MODEL'],
    asAdmin,
    asClient: async (path, options: Sending = {}) => {
      key ??= given ?? (await fetchKey(options));
      if (!key) throw withoutKey(url);
      const answer = await send(url + path, { 'x-api-key': key }, options);
      if (answer.status !== 401) return accepted(answer);
      const fresh = await fetchKey(options);
      if (!fresh || fresh === key) return accepted(answer);
      await answer.body?.cancel();
      key = fresh;
      return accepted(await send(url + path, { 'x-api-key': key }, options));
    },
  };
}

/** What a header can hold; the server makes no other keys, and takes no other secrets. */
const SENDABLE = /^[\x20-\x7e]*$/;

/** Follows no redirect: key and secret are meant for one address. */
async function send(
  url: string,
  headers: Record<string, string>,
  { method, body, signal }: Sending,
): Promise<Response> {
  if (!Object.values(headers).every((each) => SENDABLE.test(each))) {
    throw new CommandFailure(
      EXIT.refused,
      'The key or the admin secret holds characters that none has. Copy it again.',
    );
  }
  try {
    const answer = await fetch(url, {
      redirect: 'manual',
      method: method ?? (body ? 'POST' : 'GET'),
      headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    });
    const elsewhere = answer.status >= 300 && answer.status < 400;
    if (elsewhere) throw redirected(url, answer.headers.get('location'));
    return answer;
  } catch (error) {
    if (signal?.aborted || error instanceof CommandFailure) throw error;
    throw unreachable(new URL(url).origin, error);
  }
}

/** @throws CommandFailure with the server's own words. */
async function accepted(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  const { status } = answer;
  const said = await answer.text();
  const wait = answer.headers.get('retry-after');
  const message = `${messageIn(said) ?? `the server answered ${status}`}${wait ? ` (in ${wait} s)` : ''}`;
  if (status === 401) throw new CommandFailure(EXIT.refused, message);
  throw new CommandFailure(status === 429 || status === 503 ? EXIT.busy : EXIT.failed, message);
}

function messageIn(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { error?: { message?: string } }).error?.message;
  } catch {
    return undefined;
  }
}

function unreachable(origin: string, error: unknown): CommandFailure {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  const why =
    cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
  return new CommandFailure(
    EXIT.unreachable,
    `Nothing answers at ${origin} (${why}). Start the server there, or set KEYTURN_URL to where it is.`,
    { cause: error },
  );
}

function redirected(url: string, location: string | null): CommandFailure {
  const there =
    location && URL.canParse(location, url) ? new URL(location, url).origin : 'elsewhere';
  return new CommandFailure(
    EXIT.unreachable,
    `${new URL(url).origin} redirects to ${there}. Set KEYTURN_URL to where the server really is.`,
  );
}

function withoutKey(url: string): CommandFailure {
  return new CommandFailure(
    EXIT.refused,
    `There is no key for ${url}. Set KEYTURN_KEY to the key of this week, or KEYTURN_ADMIN_SECRET to have it fetched.`,
  );
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** @throws CommandFailure for an address that nothing can be sent to. */
function hostOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url)) {
    throw new CommandFailure(EXIT.usage, 'KEYTURN_URL is no address: expected http(s)://host:port');
  }
  const { hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') {
    throw new CommandFailure(
      EXIT.usage,
      'KEYTURN_URL holds a user name or password, which is never sent: leave it out',
    );
  }
  return hostname;
}
