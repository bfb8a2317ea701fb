import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { completion, errorIn, said } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud({ LOCAL_MODEL: 'none' });
afterAll(cloud.stop);
const { lab, ask, stream, attempts, server } = cloud;
beforeEach(() => lab.reset());

const MAIN = 'openai/gpt-oss-120b';
const SMALL = 'openai/gpt-oss-20b';

function warningsOf(word: string): string[] {
  return server
    .output()
    .split('\n')
    .filter((line) => line.includes('"level":40') && line.includes(word));
}

test('a retired model is answered by its successor, with a header and one warning', async () => {
  for (const send of [ask, stream, ask]) {
    const answer = await send({ model: 'llama-3.1-8b-instant' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-model-replaced')).toBe(`llama-3.1-8b-instant -> ${SMALL}`);
    expect(answer.headers.get('x-served-by')).toBe(`groq/${SMALL}`);
    expect(answer.headers.get('x-fallback-trail')).toBeNull();
  }
  expect(attempts(SMALL)).toHaveLength(3);
  expect(lab.attempts).toHaveLength(3);
  expect(warningsOf('llama-3.1-8b-instant')).toHaveLength(1);
});

test('a name that Groq lists under a longer one is answered by that model', async () => {
  for (const send of [ask, ask]) {
    const answer = await send({ model: 'gpt-oss-120b' });
    expect(said(answer)).toBe(lab.expected(PROMPT));
    expect(completion(answer).model).toBe(MAIN);
    expect(answer.headers.get('x-model-replaced')).toBe(`gpt-oss-120b -> ${MAIN}`);
  }
  expect(warningsOf('"gpt-oss-120b"')).toHaveLength(1);
});

test('an unknown model without a successor is refused as 404 model_not_found', async () => {
  const answer = await ask({ model: 'no-such-model' });
  expect(answer.status).toBe(404);
  expect(errorIn(answer)).toMatchObject({
    type: 'invalid_request_error',
    code: 'model_not_found',
    param: 'model',
  });
  expect(answer.headers.get('x-fallback-trail')).toBe('groq/no-such-model:model_gone');
});

test('a model of the operator’s that is retired costs its callers nothing', async () => {
  lab.script(MAIN, ['retired']);
  const answer = await ask({});
  expect(said(answer)).toBe(lab.expected(PROMPT));
  expect(answer.headers.get('x-fallback-trail')).toBe(`groq/${MAIN}:model_gone, groq/${SMALL}`);
  expect(attempts(MAIN)).toHaveLength(1);
});

test('with UNKNOWN_MODEL=default an unknown model is answered by the default', async () => {
  const lenient = await startCloud({ UNKNOWN_MODEL: 'default' });
  onTestFinished(lenient.stop);
  const answer = await lenient.ask({ model: 'no-such-model' });
  expect(completion(answer).model).toBe(MAIN);
  expect(answer.headers.get('x-fallback-trail')).toBe(
    `groq/no-such-model:model_gone, groq/${MAIN}`,
  );
});

test.for(['模型', 'a\nb', 'naïve 🚀', 'x\u0000y'])(
  'a model name that no header can hold (%j) ends in a proper error',
  async (model) => {
    for (const send of [ask, stream]) {
      const answer = await send({ model });
      expect(answer.status).toBe(404);
      expect(errorIn(answer)?.code).toBe('model_not_found');
    }
  },
);

test.for(['模型', 'a\nb'])(
  'a model name that no header can hold (%j) can be answered by that model',
  async (model) => {
    lab.script(model, ['healthy']);
    for (const send of [ask, stream]) {
      const answer = await send({ model });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-served-by')).toBe(`groq/${encodeURIComponent(model)}`);
    }
    lab.script(model, ['498']);
    const answer = await stream({ model });
    expect(answer.headers.get('x-served-by')).toBe(`groq/${MAIN}`);
    expect(answer.text.split('\n\n').at(-3)).toBe(
      `: x-fallback-trail groq/${encodeURIComponent(model)}:498, groq/${MAIN}`,
    );
  },
);

test('names that no header can hold may be given to models, and nothing stays open', async () => {
  const named = await startCloud({
    ...{ MODEL_ALIASES: 'klein★=llama3-8b-8192', MODEL_SPLIT: '模型=1', MAX_CONCURRENT: '1' },
    LOCAL_MODEL: 'none',
  });
  onTestFinished(named.stop);
  named.lab.script('模型', ['healthy']);
  for (const send of [named.ask, named.stream]) {
    const replaced = await send({ model: 'klein★' });
    expect(replaced.status).toBe(200);
    expect(replaced.headers.get('x-model-replaced')).toBe(`klein%E2%98%85 -> ${SMALL}`);
    const split = await send({});
    expect(split.status).toBe(200);
    expect(split.headers.get('x-model-arm')).toBe(encodeURIComponent('模型'));
  }
});

test('a name and the model that it stands for are one model: asked once, shown once', async () => {
  lab.script(MAIN, ['498']);
  const answer = await ask({ model: 'gpt-oss-120b' });
  expect(answer.headers.get('x-fallback-trail')).toBe(`groq/${MAIN}:498, groq/${SMALL}`);
  expect(attempts(MAIN)).toHaveLength(3);
});
