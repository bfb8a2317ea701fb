import { exchange } from './exchange.ts';
import type { Account } from './post.ts';
import { readBody } from './read-whole.ts';

/** More is no list of models. */
const MAX_BYTES = 4 * 1024 * 1024;

/** What Groq says when it is asked for its models. */
export type ModelsAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/**
 * Asks Groq for its models with one key, on the road that questions take as well.
 *
 * @throws the transport's error, or the signal's reason.
 */
export async function askModels(
  { apiKey, baseUrl, dispatcher }: Account,
  signal: AbortSignal,
): Promise<ModelsAnswer> {
  const { origin, pathname } = new URL(baseUrl);
  const headers = { authorization: `Bearer ${apiKey}`, 'accept-encoding': 'identity' };
  const path = `${pathname.replace(/\/$/, '')}/models`;
  const answer = await exchange(dispatcher, { origin, path, method: 'GET', headers }, signal);
  const text = (await readBody(answer, MAX_BYTES)).toString('utf8');
  return { status: answer.status, headers: answer.headers, text };
}
