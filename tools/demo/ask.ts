/** A server to ask. */
export type Server = { readonly url: string; readonly key: string };

/** What came back, and from whom. */
export type Reply = {
  readonly status: number;
  readonly servedBy: string;
  /** Who was tried before, with the cause of each failure; empty where nobody was. */
  readonly trail: string;
  readonly text: string;
  readonly isWhole: boolean;
  readonly tookMs: number;
};

type Chunk = {
  readonly model?: string;
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
};

/**
 * Asks for a stream as any client does.
 *
 * @param onText told of each piece of text as it comes, and of the model that said it.
 */
export async function ask(
  { url, key }: Server,
  prompt: string,
  onText: (text: string, model: string) => void = () => {},
): Promise<Reply> {
  const since = performance.now();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ stream: true, messages: [{ role: 'user', content: prompt }] }),
  });
  let text = '';
  let received = '';
  const decoder = new TextDecoder();
  const take = (block: string) => {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (!data || data === '[DONE]') return;
    const { model = '', choices = [] }: Chunk = JSON.parse(data);
    const content = choices[0]?.delta?.content ?? '';
    text += content;
    if (content) onText(content, model);
  };
  let open = '';
  for await (const bytes of response.body ?? []) {
    const piece = decoder.decode(bytes, { stream: true });
    received += piece;
    const blocks = (open + piece).split('\n\n');
    open = blocks.pop() ?? '';
    for (const block of blocks) take(block);
  }
  const [, whole = ''] = /^: x-fallback-trail (.*)$/m.exec(received) ?? [];
  const trail = whole || (response.headers.get('x-fallback-trail') ?? '');
  return {
    status: response.status,
    servedBy: trail.split(', ').at(-1) || (response.headers.get('x-served-by') ?? 'nobody'),
    trail,
    text,
    isWhole: received.endsWith('data: [DONE]\n\n'),
    tookMs: performance.now() - since,
  };
}

/** The breakers as `GET /health` shows them: `openai/gpt-oss-120b open`. */
export async function breakers({ url }: Server): Promise<string[]> {
  const health = await (await fetch(`${url}/health`)).json();
  const { groq } = health as { groq: { breakers?: { model: string; state: string }[] } };
  return (groq.breakers ?? []).map(({ model, state }) => `${model} ${state}`);
}
