import { startLab } from '../../tools/lab/lab.ts';
import { type Answer, hear } from './answer.ts';
import { startServer, type TestServer } from './server.ts';

type Lab = Awaited<ReturnType<typeof startLab>>;

/** A real server whose cloud is a fault lab, and a caller of it. */
export type Cloud = {
  readonly lab: Lab;
  readonly server: TestServer;
  /** Asks for a whole answer (or, with `stream`, a streamed one) and waits for its end. */
  ask(body: Body, options?: AskOptions): Promise<Answer>;
  /** The same as a stream. */
  stream(body: Body, options?: AskOptions): Promise<Answer>;
  /** Sends a request and hands back the answer as soon as its head is there. */
  open(body: Body | string, options?: AskOptions): Promise<Response>;
  /** What reached the lab for this model, in order. */
  attempts(model: string): Lab['attempts'];
  stop(): Promise<void>;
};

type Body = Readonly<Record<string, unknown>>;

type AskOptions = {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** What a caller says where a test doesn't care. */
export const PROMPT = 'Tell me of the harbour.';

/** Limits that are short, yet not for a busy machine, and a local model that takes one thread. */
const SETTINGS = {
  GROQ_API_KEY: 'gsk_test_of_the_faults',
  FIRST_TOKEN_TIMEOUT_MS: '2000',
  STREAM_IDLE_TIMEOUT_MS: '2000',
  FAILOVER_BUDGET_MS: '4000',
  GROQ_TIMEOUT_MS: '4000',
  LOCAL_THREADS: '1',
  SHUTDOWN_GRACE_MS: '500',
};

/** Starts both; `GROQ_BASE_URL` is the lab's where the settings name no other. */
export async function startCloud(
  settings: Readonly<Record<string, string>> = {},
  labOptions: Parameters<typeof startLab>[0] = {},
): Promise<Cloud> {
  const lab = await startLab(labOptions);
  const server = await startServer({ GROQ_BASE_URL: lab.url, ...SETTINGS, ...settings });
  const key = await server.key();

  const open: Cloud['open'] = (body, { path = '/v1/chat/completions', headers, signal } = {}) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(withPrompt(body)),
      ...(signal ? { signal } : {}),
    });
  const ask: Cloud['ask'] = async (body, options) => {
    const sinceMs = performance.now();
    return hear(await open(body, options), sinceMs);
  };

  return {
    lab,
    server,
    open,
    ask,
    stream: (body, options) => ask({ ...body, stream: true }, options),
    attempts: (model) => lab.attempts.filter(({ body }) => fieldOf(body, 'model') === model),
    stop: async () => {
      await server.stop();
      await lab.close();
    },
  };
}

/** A field of a body that may be anything. */
export function fieldOf(body: unknown, field: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined;
}

function withPrompt(body: Body): Body {
  if ('messages' in body || 'prompt' in body) return body;
  return { ...body, messages: [{ role: 'user', content: PROMPT }] };
}
