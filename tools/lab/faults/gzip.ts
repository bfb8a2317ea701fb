import { gzipSync } from 'node:zlib';
import type { Performance } from '../performed.ts';
import type { Scene } from '../scene.ts';
import type { Fault } from './fault.ts';

/** The healthy answer, gzipped as one piece. */
function packed(performance: Performance): Buffer {
  if (!performance.streams) return gzipSync(performance.whole().bytes);
  return gzipSync(Buffer.concat([...performance.frames()].map(({ bytes }) => bytes)));
}

function sendHead(scene: Scene, { streams }: Performance, length: number): Promise<void> {
  const type = streams ? 'text/event-stream' : 'application/json';
  return scene.wire.head(200, {
    ...scene.headers(),
    ...{ 'content-type': type, 'content-encoding': 'gzip', 'content-length': String(length) },
  });
}

/** Compressed answers. */
export const gzipFaults: readonly Fault[] = [
  {
    ...{ name: 'gzip', number: 0, defaults: {} },
    sentence: 'Harmless: the whole answer, gzipped, whether the caller asked for it or not.',
    async play(scene) {
      const performance = await scene.admit({});
      if (!performance) return;
      const bytes = packed(performance);
      await sendHead(scene, performance, bytes.length);
      await scene.wire.send(bytes);
    },
  },
  {
    ...{ name: 'gzip-cut', number: 17, defaults: { clean: 1 } },
    sentence: 'A gzip body cut in half; `clean=1` with a matching length, else FIN before the end.',
    async play(scene, settings) {
      const performance = await scene.admit({});
      if (!performance) return;
      const bytes = packed(performance);
      const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
      const clean = settings.number('clean') === 1;
      await sendHead(scene, performance, clean ? half.length : bytes.length);
      await scene.wire.send(half);
      if (!clean) scene.wire.close();
    },
  },
];
