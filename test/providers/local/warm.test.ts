import { expect, it, vi } from 'vitest';
import { builtChild } from '../../support/local-child.ts';
import { modelFor } from '../../support/local-model.ts';

it('a model that is switched off while it is warmed up has no trouble to tell of', async () => {
  const told: string[] = [];
  const tell = (_fields: object, message: string) => void told.push(message);
  const model = modelFor({
    childPath: await builtChild('warm'),
    log: { info: tell, warn: tell, error: tell },
  });
  model.warm();
  await vi.waitUntil(() => model.state().state === 'loading');
  await model.close();
  await vi.waitUntil(() => told.length > 0);
  expect(told).toEqual(['the local model is unloaded']);
  expect(model.state().lastError).toBeUndefined();
});
