import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Limits = { readonly rpm: number; readonly rpd: number; readonly tpm: number };

/** A provider that keeps its own strict books, and remembers every call that overstepped. */
export type StrictUpstream = {
  readonly url: string;
  /** Calls that came, answered or not. */
  calls(): number;
  /** Calls that broke a limit when they came. */
  oversteps(): readonly string[];
  /** The most tokens that were ever reserved or spent within a minute. */
  mostTokens(): number;
  /** Tokens that were really spent. */
  spent(): number;
  close(): Promise<void>;
};

type Options = {
  readonly limits: Limits;
  /** Tokens of an answer whose request sets no limit. */
  readonly answerTokens?: number;
  readonly latencyMs?: number;
};

const PROMPT_TOKENS = 20;

/** Starts it. Requests and tokens are logged one by one: no approximation that could be kind. */
export async function startStrictUpstream({
  limits,
  answerTokens = 100,
  latencyMs = 0,
}: Options): Promise<StrictUpstream> {
  const calls: { at: number; tokens: number }[] = [];
  const oversteps: string[] = [];
  let most = 0;
  let spent = 0;

  const inWindow = (ms: number) => calls.filter(({ at }) => performance.now() - at < ms);
  const sum = (of: { tokens: number }[]) => of.reduce((all, { tokens }) => all + tokens, 0);

  function take(maxTokens: number | undefined) {
    const call = { at: performance.now(), tokens: PROMPT_TOKENS + (maxTokens ?? 0) };
    calls.push(call);
    const minute = inWindow(60_000);
    if (minute.length > limits.rpm) oversteps.push(`rpm ${minute.length}`);
    if (calls.length > limits.rpd) oversteps.push(`rpd ${calls.length}`);
    most = Math.max(most, sum(minute));
    return call;
  }

  function answer(response: ServerResponse, maxTokens: number | undefined): void {
    const call = take(maxTokens);
    const used = sum(inWindow(60_000));
    const completion = Math.min(answerTokens, maxTokens ?? answerTokens);
    const finish = () => {
      call.tokens = PROMPT_TOKENS + completion;
      spent += call.tokens;
      most = Math.max(most, sum(inWindow(60_000)));
      response.writeHead(200, {
        'content-type': 'application/json',
        'x-ratelimit-limit-requests': String(limits.rpd),
        'x-ratelimit-remaining-requests': String(Math.max(0, limits.rpd - calls.length)),
        'x-ratelimit-reset-requests': '1m26.4s',
        'x-ratelimit-limit-tokens': String(limits.tpm),
        'x-ratelimit-remaining-tokens': String(Math.max(0, limits.tpm - used)),
        'x-ratelimit-reset-tokens': '7.66s',
      });
      response.end(JSON.stringify(completionOf(completion)));
    };
    setTimeout(finish, latencyMs * Math.random());
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString() || '{}') as Record<string, unknown>;
      const given = body['max_completion_tokens'] ?? body['max_tokens'];
      answer(response, typeof given === 'number' ? given : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/openai/v1`,
    calls: () => calls.length,
    oversteps: () => oversteps,
    mostTokens: () => most,
    spent: () => spent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function completionOf(completion: number) {
  const total = PROMPT_TOKENS + completion;
  return {
    id: 'chatcmpl-strict',
    object: 'chat.completion',
    created: 1,
    model: 'strict',
    choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: PROMPT_TOKENS,
      completion_tokens: completion,
      total_tokens: total,
    },
  };
}
