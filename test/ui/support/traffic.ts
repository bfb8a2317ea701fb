import type { startCloud } from '../../support/cloud.ts';

type Cloud = Awaited<ReturnType<typeof startCloud>>;

export const MODEL = 'openai/gpt-oss-120b';
export const SMALL = 'openai/gpt-oss-20b';

/** Requests of every kind: whole, streamed, by another model, rescued, refused, of the local model. */
export async function mixedTraffic({ lab, ask, stream }: Cloud): Promise<void> {
  for (let number = 0; number < 6; number++) {
    await ask({ model: number % 3 === 0 ? SMALL : MODEL, max_tokens: 40 + number });
    await stream({ model: MODEL });
  }
  lab.script(MODEL, ['503-forever']);
  await ask({ model: MODEL });
  await ask({ model: MODEL });
  lab.reset();
  lab.script(SMALL, ['cut:tokens=5', 'healthy']);
  await stream({ model: SMALL });
  lab.reset();
  await ask({ messages: 'no list' });
  await ask({ prompt: 'Who are you?' }, { path: '/local-chat' });
}
