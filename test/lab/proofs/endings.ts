import { expect } from 'vitest';
import { hear } from '../caller.ts';
import { chunks, contentOf } from '../heard.ts';
import { streamed } from '../questions.ts';

import { full, type Proof, text } from './proof.ts';

const usages = (body: string) =>
  chunks(Buffer.from(body)).map((chunk) => [Boolean(chunk.usage), Boolean(chunk.x_groq?.usage)]);

/** What the faults of this family do on the wire. */
export const endingsProofs: Readonly<Record<string, Proof>> = {
  'no-done': text((body, lab) => {
    expect(contentOf(Buffer.from(body))).toBe(full(lab));
    expect(body).not.toContain('[DONE]');
  }),
  'no-done-fin': text((body) => expect(body).not.toContain('[DONE]'), 'fin'),
  'no-done-open': text((body) => expect(body).not.toContain('[DONE]'), 'silence'),
  'done-open': text((body) => expect(body).toMatch(/\[DONE\]\n\n$/), 'silence'),
  'done-double': text((body) => expect(body.match(/\[DONE\]/g)).toHaveLength(2)),
  'usage-double': text((body) =>
    expect(usages(body).slice(-3)).toEqual([
      [false, true],
      [true, false],
      [true, false],
    ]),
  ),
  'usage-never': text((body) => expect(usages(body).flat()).not.toContain(true)),
  'usage-x-groq': async (lab, model) => {
    const body = streamed(model, { stream_options: { include_usage: true } });
    const heard = await hear({ url: lab.url, body });
    expect(usages(heard.body.toString()).at(-1)).toEqual([false, true]);
  },
  'empty-choices': text((body, lab) => {
    expect(body.match(/"choices":\[\]/g)?.length).toBeGreaterThan(5);
    expect(contentOf(Buffer.from(body))).toBe(full(lab));
  }),
  'split-surrogates': text((body, lab) => {
    expect(body).toMatch(/\\ud83[cd]"/);
    expect(contentOf(Buffer.from(body))).toBe(full(lab));
  }),
};
