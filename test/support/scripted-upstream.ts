import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A chat request as it reached the provider. */
export type Asked = {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly [field: string]: unknown;
};

/** What a provider does with one request; the head of a stream has left already. */
export type Play = (out: Say, asked: Asked) => void | Promise<void>;

/** Words for what a provider sends. */
export type Say = {
  /** A chunk for each text. */
  text(...texts: string[]): void;
  /** A chunk with just this choice, or these. */
  choices(...choices: object[]): void;
  /** The data of one event, as it is. */
  raw(data: string): void;
  /** Finish reason, usage, `[DONE]`, and the proper end. */
  finish(reason?: string): void;
  end(): void;
  /** Ends the connection in the middle of the body. */
  cut(): void;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
};

/** A provider that says exactly what a test wants, event by event. */
export type ScriptedUpstream = {
  readonly url: string;
  /** Requests in the order in which they came. */
  readonly asked: Asked[];
  /** What a model does, request by request; the last stays. */
  script(model: string, ...plays: Play[]): void;
  close(): Promise<void>;
};

/** Starts one on a free port. */
export async function scriptedUpstream(): Promise<ScriptedUpstream> {
  const scripts = new Map<string, Play[]>();
  const asked: Asked[] = [];
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    if (request.method === 'GET') return void response.writeHead(404).end();
    const parts: Uint8Array[] = [];
    for await (const part of request) parts.push(part);
    const body: Asked = JSON.parse(Buffer.concat(parts).toString());
    asked.push(body);
    const plays = scripts.get(body.model) ?? [];
    const play = plays.length > 1 ? plays.shift() : plays[0];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    await play?.(speaker(response, body.model), body);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/openai/v1`,
    asked,
    script: (model, ...plays) => void scripts.set(model, plays),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function speaker(response: ServerResponse, model: string): Say {
  const raw = (data: string) => void response.write(`data: ${data}\n\n`);
  const choices = (...all: object[]) =>
    raw(JSON.stringify({ id: `of-${model}`, created: 7, model, choices: all }));
  return {
    raw,
    choices,
    text: (...texts) => {
      for (const content of texts) choices({ index: 0, delta: { content }, finish_reason: null });
    },
    finish: (reason = 'stop') => {
      choices({ index: 0, delta: {}, finish_reason: reason });
      const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
      raw(JSON.stringify({ id: `of-${model}`, created: 7, model, choices: [], usage }));
      raw('[DONE]');
      response.end();
    },
    end: () => void response.end(),
    cut: () => void setTimeout(() => response.destroy(), 20),
    closed: once(response, 'close').then(() => undefined),
  };
}
