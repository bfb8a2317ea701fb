/** An answer as a caller got it, to its end. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  /** From the request to the answer's last byte. */
  readonly tookMs: number;
  /** From the request to the first byte of the body. */
  readonly firstByteMs: number;
  /** Whether the connection broke before the end of the body. */
  readonly isTorn: boolean;
};

/** A `chat.completion` or one of its chunks, as far as a test looks at it. */
export type Completion = {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly choices: readonly {
    readonly index?: number;
    readonly message?: { readonly content: string };
    readonly delta?: { readonly content?: string };
    readonly logprobs?: { readonly content: readonly { readonly token: string }[] } | null;
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Usage | null;
  readonly x_groq?: { readonly usage?: Usage };
  readonly error?: { readonly message: string; readonly type: string; readonly code: string };
};

type Usage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
};

/** Listens to an answer until it ends, one way or another. */
export async function hear(response: Response, sinceMs: number): Promise<Answer> {
  const parts: Uint8Array[] = [];
  let firstByteMs = Number.NaN;
  let isTorn = false;
  try {
    for await (const part of response.body ?? []) {
      if (parts.length === 0) firstByteMs = performance.now() - sinceMs;
      parts.push(part);
    }
  } catch {
    isTorn = true;
  }
  const { status, headers } = response;
  const bytes = Buffer.concat(parts);
  const tookMs = performance.now() - sinceMs;
  return { status, headers, bytes, text: bytes.toString(), tookMs, firstByteMs, isTorn };
}

/** A whole answer's JSON. */
export function completion({ text }: Answer): Completion {
  return JSON.parse(text);
}

/** What a whole answer says. */
export function said(answer: Answer): string | undefined {
  return completion(answer).choices[0]?.message?.content;
}

/** The error of an answer that is one. */
export function errorIn(answer: Answer): Completion['error'] {
  return completion(answer).error;
}

/** The `data` of a stream's events, in order. */
function payloads({ text }: Answer): string[] {
  const events = text.split('\n\n').filter((block) => /^(data|event):/m.test(block));
  return events.map((block) =>
    block
      .split('\n')
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.replace(/^data: ?/, ''))
      .join('\n'),
  );
}

/** A stream's chunks, and its error event, without `[DONE]`. */
export function chunks(answer: Answer): Completion[] {
  return payloads(answer)
    .filter((payload) => payload !== '[DONE]')
    .map((payload) => JSON.parse(payload));
}

/** The text that a stream's chunks add up to. */
export function streamed(answer: Answer): string {
  return chunks(answer)
    .map(({ choices }) => choices?.[0]?.delta?.content ?? '')
    .join('');
}

/** How a stream ended, if it ended as one may: whole with its one `[DONE]`, or with its error. */
export function endingOf(answer: Answer): 'whole' | 'error' | 'broken' {
  const done = payloads(answer).filter((payload) => payload === '[DONE]').length;
  const finishes = chunks(answer).filter(({ choices }) => choices?.[0]?.finish_reason).length;
  const errors = answer.text.split('event: error\n').length - 1;
  const isLast = (end: RegExp) => end.test(answer.text);
  if (answer.isTorn) return 'broken';
  if (done === 1 && finishes === 1 && errors === 0 && isLast(/data: \[DONE\]\n\n$/)) return 'whole';
  if (done === 0 && errors === 1 && isLast(/event: error\ndata: \{"error":.*\}\n\n$/)) {
    return 'error';
  }
  return 'broken';
}
