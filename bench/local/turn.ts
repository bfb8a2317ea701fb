/** A server that speaks OpenAI's chat completions. */
export type Endpoint = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
};

export type Message = { readonly role: string; readonly content: string };

/** One streamed answer, as its caller saw it. */
export type Turn = {
  readonly text: string;
  readonly promptTokens: number;
  /** How many of them needed no work, as the engine says. */
  readonly cachedTokens: number;
  readonly firstTokenMs: number;
  /** From the first token to the last, seen from outside. */
  readonly decodePerSecond: number;
  /** What the engine says of itself. */
  readonly enginePrefill: number;
  readonly engineDecode: number;
};

type Chunk = {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  readonly timings?: {
    readonly cache_n: number;
    readonly prompt_per_second: number;
    readonly predicted_per_second: number;
  };
};

/** The letters from a to z in the vocabulary of `test/support/gguf-vocabulary.ts`, and how many there are. */
const LETTERS = { from: 326, count: 26 };

/**
 * Random weights write what no tokeniser splits into the same tokens again, as it does with what a real
 * model writes; nor do they end where a model would. Held to letters, a token each, they do neither.
 */
const LETTERS_ONLY = Object.fromEntries(
  Array.from({ length: LETTERS.count }, (_, index) => [LETTERS.from + index, 100]),
);

/** Asks for an answer of so many tokens, greedily, and takes its times. */
export async function turn(
  { url, headers, model }: Endpoint,
  messages: readonly Message[],
  maxTokens: number,
): Promise<Turn> {
  const body = {
    ...{ model, messages, max_tokens: maxTokens, temperature: 0, seed: 1, stream: true },
    stream_options: { include_usage: true },
    logit_bias: LETTERS_ONLY,
  };
  const since = performance.now();
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  let text = '';
  let first: number | undefined;
  let last = since;
  let usage: Chunk['usage'];
  let timings: Chunk['timings'];
  for await (const chunk of chunks(answer)) {
    const piece = chunk.choices?.[0]?.delta?.content;
    if (piece) {
      last = performance.now();
      first ??= last;
      text += piece;
    }
    usage = chunk.usage ?? usage;
    timings = chunk.timings ?? timings;
  }
  if (first === undefined || !usage) throw new Error(`${url} sent no text, or no usage`);
  return {
    text,
    promptTokens: usage.prompt_tokens,
    cachedTokens: timings?.cache_n ?? Number.NaN,
    firstTokenMs: first - since,
    decodePerSecond: ((usage.completion_tokens - 1) * 1000) / (last - first),
    enginePrefill: timings?.prompt_per_second ?? Number.NaN,
    engineDecode: timings?.predicted_per_second ?? Number.NaN,
  };
}

async function* chunks(answer: Response): AsyncGenerator<Chunk> {
  const decoder = new TextDecoder();
  let held = '';
  for await (const bytes of answer.body ?? []) {
    const blocks = (held + decoder.decode(bytes, { stream: true })).split('\n\n');
    held = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data: '));
      if (data && data !== 'data: [DONE]') yield JSON.parse(data.slice(6));
    }
  }
}
