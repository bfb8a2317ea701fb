import { expect, test } from 'vitest';
import { AttemptError } from '../../src/core/attempt.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { ApiError } from '../../src/core/errors.ts';
import type { Provider } from '../../src/core/provider.ts';
import { breaker } from '../../src/providers/breaker.ts';
import { chatRequest, never } from '../support/local-model.ts';

const down: Provider = {
  chat: async () => {
    throw new AttemptError({
      cause: '503',
      verdict: 'retry',
      countsAsFault: true,
      answer: new ApiError('provider_unavailable', 'The provider is down.'),
    });
  },
};

test('callers that name ever more models that fail don’t fill the memory', async () => {
  const rules = {
    faultsInARow: 1,
    minimumOutcomes: 10,
    faultShare: 0.5,
    windowMs: 1,
    probeMs: 1e6,
  };
  const { layer, states } = breaker({ clock, rules });
  const guarded = layer(down);
  for (let index = 0; index < 1_100; index++) {
    const request = chatRequest({ model: `made-up-${index}`, messages: [] });
    await expect(guarded.chat(request, never())).rejects.toBeInstanceOf(AttemptError);
  }
  expect(states().size).toBe(1_000);
  expect(states().get('made-up-1099')?.kind).toBe('open');
});
