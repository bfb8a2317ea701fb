import type { Loading } from './engine.ts';
import { whileWorking } from './heartbeat.ts';

/** Evaluates many tokens at a time: the signal breaks it off; meanwhile and then the parent hears of it. */
export async function longStep(
  { interrupt, alive }: Pick<Loading, 'interrupt' | 'alive'>,
  signal: AbortSignal,
  evaluate: () => Promise<void>,
): Promise<void> {
  await interrupt.during(signal, () => whileWorking(alive, evaluate));
  alive();
}
