import { play } from '../play.ts';
import type { Fault } from './fault.ts';

/** The absence of a fault, and what a caller should not even notice. */
export const healthyFaults: readonly Fault[] = [
  {
    ...{ name: 'healthy', number: 0, defaults: {} },
    sentence: 'No fault: answers as Groq does.',
    play: (scene) => play(scene),
  },
  {
    ...{ name: 'interim', number: 0, defaults: {} },
    sentence: 'Harmless: a 103 before the answer.',
    async play(scene) {
      await scene.wire.send('HTTP/1.1 103 Early Hints\r\nlink: </>; rel=preload\r\n\r\n');
      await play(scene);
    },
  },
  {
    ...{ name: 'leaves', number: 0, defaults: {} },
    sentence: 'Harmless: a whole answer, then FIN on a connection that was to be kept.',
    async play(scene) {
      await play(scene);
      scene.wire.close();
    },
  },
];
