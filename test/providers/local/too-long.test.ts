import { afterAll, describe, expect, it } from 'vitest';
import { TINY, writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, modelFor, never } from '../../support/local-model.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { TOOL_TEMPLATE } from '../../support/tool-template.ts';

const scratch = scratchFolder();
const childPath = await builtChild('too-long');
const modelPath = scratch.path('tools.gguf');
writeGguf(modelPath, { template: TOOL_TEMPLATE, shape: { ...TINY, context: 2048 } });
const watchdogMs = 8_000;
const lifeboat = modelFor({ childPath, watchdogMs });
const options = { childPath, watchdogMs, modelPath, modelName: 'tools', contextSize: 2048 };
const withTools = modelFor(options);

afterAll(async () => {
  await Promise.all([lifeboat.close(), withTools.close()]);
  scratch.remove();
});

/** Letters that no small vocabulary holds: llama.cpp writes them byte by byte. */
const megabyte = 'é'.repeat(1_000_000);
const tooMany = { code: 'context_length_exceeded', message: expect.stringMatching(/\d+.*\d{4,}/) };
const user = { role: 'user', content: 'Hello' };

describe('a megabyte of unknown letters is refused before it is tokenised', () => {
  it('in a message, also by a model that is shown only the latest turns', async () => {
    const long = { role: 'user', content: megabyte };
    await expect(ask(lifeboat, { messages: [long] })).rejects.toMatchObject(tooMany);
    await expect(ask(withTools, { messages: [long] })).rejects.toMatchObject(tooMany);
  });

  it('in a call of the past, and in its result', async () => {
    const call = (args: string) => ({
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'one', type: 'function', function: { name: 'f', arguments: args } }],
    });
    const result = { role: 'tool', tool_call_id: 'one', content: megabyte };
    const asked = { messages: [user, call(JSON.stringify({ text: megabyte }))] };
    await expect(ask(withTools, asked)).rejects.toMatchObject(tooMany);
    const answered = { messages: [user, call('{}'), result] };
    await expect(ask(withTools, answered)).rejects.toMatchObject(tooMany);
  });

  it('in what an offered tool says of itself', async () => {
    const tools = [{ type: 'function', function: { name: 'f', description: megabyte } }];
    await expect(ask(withTools, { messages: [user], tools })).rejects.toMatchObject(tooMany);
  });

  it('in a text that is to become a vector', async () => {
    const request = { params: { input: megabyte } };
    await expect(withTools.embed(request, never())).rejects.toMatchObject(tooMany);
  });
});

it('what may fit is counted exactly', async () => {
  const messages = [{ role: 'user', content: 'é'.repeat(1_000) }];
  await expect(
    ask(withTools, { messages: [user, ...messages, ...messages] }),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/take \d{4}\./),
  });
  expect((await ask(withTools, { messages, max_tokens: 1 })).usage.prompt_tokens).toBeGreaterThan(
    2_000,
  );
});
