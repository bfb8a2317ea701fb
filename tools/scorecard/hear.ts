/** Token counts as they travel. */
export type Counts = { readonly prompt_tokens: number; readonly completion_tokens: number };

/** What a caller got. */
export type Heard = {
  /** 0 where no answer came at all. */
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /**
   * `complete`: an answer with its finish reason (streams: one `[DONE]` at the end); `error`: an
   * honest one; `broken`: neither; `hang`: still open at the limit.
   */
  readonly ending: 'complete' | 'error' | 'broken' | 'hang';
  /** The content, put together. */
  readonly said: string;
  readonly ids: readonly string[];
  readonly models: readonly string[];
  readonly usages: readonly Counts[];
  /** The error's code or message. */
  readonly error: string | undefined;
  readonly firstByteMs: number;
  readonly tookMs: number;
};

type Choice = {
  readonly message?: { readonly content?: string | null };
  readonly delta?: { readonly content?: string | null };
  readonly finish_reason?: string | null;
};

type Payload = {
  readonly id?: string;
  readonly model?: string;
  readonly choices?: readonly Choice[];
  readonly usage?: Counts | null;
  readonly error?: { readonly code?: string | null; readonly message?: string };
};

/** Receives an answer to its end, or until `limitMs` after `sinceMs`. */
export async function hear(
  send: (signal: AbortSignal) => Promise<Response>,
  limitMs: number,
): Promise<Heard> {
  const since = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  const parts: Uint8Array[] = [];
  let response: Response | undefined;
  let firstByteMs = Number.NaN;
  let isTorn = false;
  try {
    response = await send(limit.signal);
    for await (const part of response.body ?? []) {
      if (parts.length === 0) firstByteMs = performance.now() - since;
      parts.push(part);
    }
  } catch {
    isTorn = true;
  } finally {
    clearTimeout(timer);
  }
  const text = Buffer.concat(parts).toString('utf8');
  const { status = 0, headers = new Headers() } = response ?? {};
  const isStream = (headers.get('content-type') ?? '').includes('event-stream');
  const read = isStream ? readStream(text) : readWhole(text, status);
  const ending = limit.signal.aborted ? 'hang' : isTorn ? 'broken' : read.ending;
  return { status, headers, text, ...read, ending, firstByteMs, tookMs: performance.now() - since };
}

type Read = Pick<Heard, 'ending' | 'said' | 'ids' | 'models' | 'usages' | 'error'>;

function readWhole(text: string, status: number): Read {
  const body = parsed(text);
  const choice = body?.choices?.[0];
  const isWhole = status === 200 && choice?.message !== undefined && Boolean(choice.finish_reason);
  const ending = isWhole ? 'complete' : status >= 400 && body?.error ? 'error' : 'broken';
  return { ...facts(body ? [body] : []), said: choice?.message?.content ?? '', ending };
}

function readStream(text: string): Read {
  const blocks = text.split(/\r?\n\r?\n/).filter((block) => /^(data|event):/m.test(block));
  const data = blocks.map((block) =>
    [...block.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line).join('\n'),
  );
  const done = data.filter((each) => each === '[DONE]').length;
  const payloads = data.filter((each) => each !== '[DONE]').map(parsed);
  const known = payloads.filter((each) => each !== undefined);
  const choices = known.flatMap(({ choices: [choice] = [] }) => (choice ? [choice] : []));
  const finishes = choices.filter(({ finish_reason }) => Boolean(finish_reason)).length;
  const errors = known.filter(({ error }) => Boolean(error)).length;
  const isWhole = done === 1 && data.at(-1) === '[DONE]' && finishes === 1 && errors === 0;
  const isError = errors === 1 && done === 0 && finishes === 0;
  const ending = known.length < payloads.length ? 'broken' : isWhole ? 'complete' : 'broken';
  return {
    ...facts(known),
    said: choices.map(({ delta }) => delta?.content ?? '').join(''),
    ending: isError ? 'error' : ending,
  };
}

function facts(payloads: readonly Payload[]): Omit<Read, 'said' | 'ending'> {
  const error = payloads.find((each) => each.error)?.error;
  return {
    ids: [...new Set(payloads.flatMap(({ id }) => (id ? [id] : [])))],
    models: [...new Set(payloads.flatMap(({ model }) => (model ? [model] : [])))],
    usages: payloads.flatMap(({ usage }) => (usage ? [usage] : [])),
    error: error?.code ?? error?.message,
  };
}

function parsed(text: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
