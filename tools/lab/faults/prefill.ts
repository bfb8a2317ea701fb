import { arrayAt, isObject, type JsonObject } from '../json.ts';
import { play } from '../play.ts';
import { badRequest } from '../refusal.ts';
import type { Scene } from '../scene.ts';
import type { Fault } from './fault.ts';

const hasPrefill = (body: JsonObject): boolean => {
  const last = arrayAt(body, 'messages').at(-1);
  return isObject(last) && last.role === 'assistant';
};

const refusePrefill = (scene: Scene): Promise<void> =>
  scene.refuse(
    badRequest('Assistant message prefill is not supported with this model.', 'messages'),
  );

/** Models that do not continue a trailing assistant message. */
export const prefillFaults: readonly Fault[] = [
  {
    ...{ name: 'prefill-refused', number: 14, defaults: {} },
    sentence: '400 for a trailing assistant message, healthy without.',
    play: (scene) => (hasPrefill(scene.body) ? refusePrefill(scene) : play(scene)),
  },
  {
    ...{ name: 'prefill-ignored', number: 14, defaults: {} },
    sentence: 'Starts the answer again from its beginning in spite of a prefill.',
    play: (scene) => play(scene, { bend: { prefill: 'ignored' } }),
  },
  {
    ...{ name: 'prefill-echoed', number: 14, defaults: { words: 3 } },
    sentence: 'Says the last `words` of a prefill again before it goes on.',
    play: (scene, settings) =>
      play(scene, { bend: { prefill: { echoedWords: settings.number('words') } } }),
  },
  {
    ...{ name: 'restart-departs', number: 14, defaults: { tokens: 4 } },
    sentence: '400 for a prefill; without one the text is another one after `tokens`.',
    play: (scene, settings) =>
      hasPrefill(scene.body)
        ? refusePrefill(scene)
        : play(scene, { bend: { departAfter: settings.number('tokens') } }),
  },
];
