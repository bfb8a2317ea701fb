import { expect } from 'vitest';
import { hear } from '../caller.ts';
import { contentOf, type Heard, payloads } from '../heard.ts';
import { streamed } from '../questions.ts';

import { finishes, full, type Proof, text } from './proof.ts';

/** What the faults of this family do on the wire. */
export const framingProofs: Readonly<Record<string, Proof>> = {
  crlf: text((body, lab) => {
    expect(body.match(/\n/g)).toHaveLength(body.match(/\r\n/g)?.length ?? 0);
    expect(contentOf(Buffer.from(body.replaceAll('\r\n', '\n')))).toBe(full(lab));
  }),
  cr: text((body, lab) => {
    expect(body).not.toContain('\n');
    expect(contentOf(Buffer.from(body.replaceAll('\r', '\n')))).toBe(full(lab));
  }),
  comments: text((body, lab) => {
    expect(body).toMatch(/^: ping\n/);
    expect(contentOf(Buffer.from(body))).toBe(full(lab));
  }),
  'data-lines': text((body, lab) => {
    const events = body.split('\n\n').slice(0, -2);
    expect(events.every((event) => event.split('\n').length > 5)).toBe(true);
    const joined = events.map(
      (event) => `data: ${event.replace(/^data: /gm, '').replaceAll('\n', '')}`,
    );
    expect(contentOf(Buffer.from(joined.join('\n')))).toBe(full(lab));
  }),
  'no-space': text((body, lab) => {
    expect(body).not.toContain('data: {');
    expect(contentOf(Buffer.from(body.replace(/^data:/gm, 'data: ')))).toBe(full(lab));
  }),
  fields: text((body) => expect(body).toMatch(/^event: message\nid: 7\nretry: 3000\ndata: /)),
  bom: text((body) => expect(body.charCodeAt(0)).toBe(0xfeff)),
  'one-byte': async (lab, model) => {
    const { raw, head, body } = await hear({
      url: lab.url,
      body: streamed(`${model}:answerTokens=9`),
    });
    const framed = raw.subarray(head.length + 4).toString('latin1');
    expect(framed).toMatch(/^(1\r\n[\s\S]\r\n)+0\r\n\r\n$/);
    expect(finishes({ body } as Heard)).toEqual(['stop']);
  },
  'half-events': async (lab, model) => {
    const { raw } = await hear({ url: lab.url, body: streamed(`${model}:answerTokens=9`) });
    const sizes = raw.toString('latin1').match(/\r\n[0-9a-f]+\r\ndata: /g) ?? [];
    const chunkCount = raw.toString('latin1').match(/\r\n[0-9a-f]+\r\n/g) ?? [];
    expect(chunkCount.length).toBeGreaterThanOrEqual(sizes.length * 2);
  },
  'split-characters': async (lab, model) => {
    const { raw, body } = await hear({ url: lab.url, body: streamed(model) });
    expect(contentOf(body)).toBe(full(lab));
    expect(raw.toString('latin1')).toMatch(/[\u00c0-\u00ff]\r\n[0-9a-f]+\r\n[\u0080-\u00bf]/);
  },
  glued: async (lab, model) => {
    const { raw, body } = await hear({ url: lab.url, body: streamed(model) });
    expect(contentOf(body)).toBe(full(lab));
    expect(raw.toString('latin1').match(/\r\n[0-9a-f]+\r\ndata: /g)).toHaveLength(1);
  },
  unchunked: async (lab, model) => {
    const { ending, head, body } = await hear({ url: lab.url, body: streamed(model) });
    expect(ending).toBe('fin');
    expect(head).not.toContain('chunked');
    expect(contentOf(body)).toBe(full(lab));
  },
  mislabelled: async (lab, model) => {
    const { head } = await hear({ url: lab.url, body: streamed(model) });
    expect(head).toContain('content-type: text/plain');
    expect(head).not.toContain('event-stream');
  },
  'one-mib': text((body, lab) => {
    expect(Math.max(...payloads(Buffer.from(body)).map((line) => line.length))).toBeGreaterThan(
      2 ** 20,
    );
    expect(contentOf(Buffer.from(body))).toBe(full(lab));
  }),
};
