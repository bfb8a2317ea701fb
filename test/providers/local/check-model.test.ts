import { expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { checkModel } from '../../../src/providers/local/check-model.ts';
import { builtChild } from '../../support/local-child.ts';
import { modelFor, never } from '../../support/local-model.ts';

it('a model that is checked answers three prompts, and says what it takes', async () => {
  const model = modelFor({ childPath: await builtChild('check-model') });
  const checked = await checkModel(model, { clock: systemClock, signal: never() });
  expect(checked.answers).toHaveLength(3);
  for (const { text, firstTokenMs, tokensPerSecond } of checked.answers) {
    expect(text).not.toBe('');
    expect(firstTokenMs).toBeGreaterThan(0);
    expect(tokensPerSecond).toBeGreaterThan(0);
  }
  expect(checked.loadMs).toBeGreaterThan(0);
  expect(checked.memoryBytes).toBeGreaterThan(20 * 2 ** 20);
  await model.close();
});
