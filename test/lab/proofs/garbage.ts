import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { hear } from '../caller.ts';
import { contentOf, payloads } from '../heard.ts';
import { question, streamed } from '../questions.ts';

import { full, type Proof, text } from './proof.ts';

const wholeBody =
  (expected: string | RegExp, type: string): Proof =>
  async (lab, model) => {
    for (const body of [question(model), streamed(model)]) {
      const heard = await hear({ url: lab.url, body });
      expect(heard).toMatchObject({ status: 200, ending: 'complete' });
      expect(heard.head).toContain(type);
      expect(heard.body.toString()).toMatch(expected);
    }
  };

/** What the faults of this family do on the wire. */
export const garbageProofs: Readonly<Record<string, Proof>> = {
  html: wholeBody(/^<!DOCTYPE html>/, 'text/html'),
  'html-as-json': wholeBody(/^<!DOCTYPE html>/, 'application/json'),
  empty: wholeBody(/^$/, 'application/json'),
  null: wholeBody(/^null$/, 'application/json'),
  'other-json': wholeBody(/^\{"ok":true/, 'application/json'),
  'not-sse': wholeBody(/^<!DOCTYPE html>/, 'text/event-stream'),
  'whole-for-stream': async (lab, model) => {
    const heard = await hear({ url: lab.url, body: streamed(model) });
    expect(JSON.parse(heard.body.toString()).choices[0].message.content).toBe(full(lab));
  },
  'empty-stream': text((body) => expect(body).toBe('')),
  'done-only': text((body) => expect(body).toBe('data: [DONE]\n\n')),
  'role-only': text((body) => expect(payloads(Buffer.from(body))).toHaveLength(1)),
  'garbage-midstream': text((body) => expect(body).toMatch(/\n\n<!DOCTYPE html>.*$/)),
  'gzip-cut': async (lab, model) => {
    const url = lab.url;
    const clean = await hear({ url, body: question(model) });
    expect(clean).toMatchObject({ ending: 'complete', status: 200 });
    expect(() => gunzipSync(clean.body)).toThrow();
    const torn = await hear({ url, body: question(`${model}:clean=0`) });
    expect(torn).toMatchObject({ ending: 'fin', complete: false });
  },
  gzip: async (lab, model) => {
    const heard = await hear({ url: lab.url, body: streamed(model) });
    expect(heard.head).toContain('content-encoding: gzip');
    expect(contentOf(gunzipSync(heard.body))).toBe(full(lab));
  },
  malformed: text((body, lab) => {
    expect(contentOf(Buffer.from(body))).toBe(full(lab));
    expect(payloads(Buffer.from(body)).filter((line) => line.includes('broken'))).toHaveLength(1);
  }),
  'malformed-two': text((body, lab) => {
    expect(contentOf(Buffer.from(body))).toBe(full(lab));
    expect(body).toMatch(/broken[^\n]*\n\ndata: [^\n]*broken/);
  }),
};
