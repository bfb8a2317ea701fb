import { CommandFailure, EXIT } from './failure.ts';
import { harmless } from './paint.ts';

/** How an answer went, for the line below it. */
export type Outcome = {
  readonly text: string;
  readonly servedBy: string;
  /** Providers that failed, with their causes, then who answered; empty when the first one did. */
  readonly trail: string;
  /** Whether another provider carried the answer on after its beginning was shown. */
  readonly isRescued: boolean;
  readonly tokens: number | undefined;
  readonly tookMs: number;
};

type Chunk = {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly usage?: { readonly completion_tokens?: number } | null;
  readonly x_groq?: { readonly usage?: { readonly completion_tokens?: number } } | null;
  readonly error?: { readonly message?: string };
};

/**
 * Reads a streamed answer to its end, handing on its text as it comes.
 *
 * @throws CommandFailure when the stream ends with an error, or without its `[DONE]`.
 */
export async function readAnswer(
  answer: Response,
  onText: (text: string) => void,
): Promise<Outcome> {
  const since = performance.now();
  let text = '';
  let tokens: number | undefined;
  let servedBy = answer.headers.get('x-served-by') ?? '';
  let trail = answer.headers.get('x-fallback-trail') ?? '';
  const head = { servedBy, trail };
  let isDone = false;
  for await (const block of blocks(answer)) {
    if (block.startsWith(': served-by ')) servedBy = block.slice(12);
    if (block.startsWith(': x-fallback-trail ')) trail = block.slice(19);
    const data = dataOf(block);
    if (data === '[DONE]') isDone = true;
    else if (data !== undefined) take(JSON.parse(data));
  }
  if (!isDone) throw new CommandFailure(EXIT.failed, 'The answer broke off.');
  const last = trail.split(', ').at(-1) || servedBy;
  const isRescued = head.servedBy !== '' && trail !== head.trail;
  return { text, servedBy: last, trail, isRescued, tokens, tookMs: performance.now() - since };

  function take({ choices, usage, x_groq, error }: Chunk): void {
    if (error) {
      throw new CommandFailure(
        EXIT.failed,
        `The answer broke off: ${harmless(error.message ?? '')}`,
      );
    }
    tokens = usage?.completion_tokens ?? x_groq?.usage?.completion_tokens ?? tokens;
    const piece = harmless(choices?.[0]?.delta?.content ?? '');
    text += piece;
    if (piece) onText(piece);
  }
}

/** The blocks of an event stream. The server ends every line with a plain LF. */
async function* blocks(answer: Response): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let held = '';
  try {
    for await (const bytes of answer.body ?? []) {
      const parts = (held + decoder.decode(bytes, { stream: true })).split('\n\n');
      held = parts.pop() ?? '';
      yield* parts;
    }
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new CommandFailure(EXIT.failed, 'The connection broke in the middle of the answer.', {
      cause: error,
    });
  }
}

function dataOf(block: string): string | undefined {
  const line = block.split('\n').find((each) => each.startsWith('data: '));
  return line?.slice(6);
}

/** Who answered, after whom, and how fast: one line without a line end. */
export function summary({ servedBy, trail, isRescued, tokens, tookMs }: Outcome): string {
  const failed = trail.split(', ').slice(0, -1).join(', ');
  const story = failed ? ` (${isRescued ? 'carried on after' : 'instead of'} ${failed})` : '';
  const seconds = tookMs / 1000;
  const speed = tokens && seconds > 0 ? ` · ${Math.round(tokens / seconds)} tokens/s` : '';
  const size = tokens === undefined ? '' : ` · ${tokens} tokens`;
  return `${servedBy}${story}${size} · ${seconds.toFixed(1)} s${speed}`;
}
