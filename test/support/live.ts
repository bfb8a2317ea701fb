import {
  type LiveUpdate,
  liveReportSchema,
  liveUpdateSchema,
} from '../../src/http/reports/live-schema.ts';

/** One event of `GET /api/live`. */
export type LiveEvent =
  | { readonly name: 'snapshot' | 'update'; readonly data: LiveUpdate }
  | { readonly name: 'end'; readonly data: { readonly reason: string } };

/** Somebody who looks on, and hears one event after the other. */
export type Onlooker = {
  readonly status: number;
  readonly headers: Headers;
  /** The next event; undefined when the feed has ended. Every one is held against its schema. */
  next(): Promise<LiveEvent | undefined>;
  leave(): void;
};

/** Opens the live feed. */
export async function lookOn(url: string, key: string): Promise<Onlooker> {
  const controller = new AbortController();
  const { signal } = controller;
  const answer = await fetch(`${url}/api/live`, { headers: { 'x-api-key': key }, signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let held = '';
  return {
    status: answer.status,
    headers: answer.headers,
    next: async () => {
      while (!held.includes('\n\n')) {
        const part = await reader?.read();
        if (!part || part.done) return undefined;
        held += part.value;
      }
      const end = held.indexOf('\n\n');
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(held.slice(0, end)) ?? [];
      held = held.slice(end + 2);
      return read(name, JSON.parse(data));
    },
    leave: () => controller.abort(),
  };
}

function read(name: string, data: { reason: string }): LiveEvent {
  if (name === 'end') return { name, data };
  if (name === 'snapshot') return { name, data: liveReportSchema.parse(data) };
  if (name === 'update') return { name, data: liveUpdateSchema.parse(data) };
  throw new Error(`no event of a live feed: ${name}`);
}
