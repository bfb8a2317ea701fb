import { afterAll, expect, test } from 'vitest';
import { armOf } from '../../src/providers/split.ts';
import { eventually, labAndServers, MODEL, SMALL } from './server.ts';

const { boot, dataDir, stop } = await labAndServers();
afterAll(stop);

const WEIGHTS = { [MODEL]: 80, [SMALL]: 20 };

test('names are spread by weight, and each keeps its arm', () => {
  const arms = Array.from({ length: 10_000 }, (_, index) => armOf(`user ${index}`, WEIGHTS));
  const share = arms.filter((arm) => arm === SMALL).length / arms.length;
  expect(share).toBeGreaterThan(0.18);
  expect(share).toBeLessThan(0.22);
  expect(armOf('user 5', WEIGHTS)).toBe(arms[5]);
});

test('requests that name no model are split by user and shown by arm', async () => {
  const { ask, usage } = await boot({ MODEL_SPLIT: `${MODEL}=50,${SMALL}=50` });
  const armsOf = async (user: string) => {
    const answers = await Promise.all([1, 2, 3].map(() => ask({ user })));
    return answers.map((answer) => answer.headers.get('x-served-by'));
  };
  const seen = new Set<string | null>();
  for (let user = 0; user < 12; user++) {
    const arms = await armsOf(`user-${user}`);
    expect(new Set(arms).size).toBe(1);
    seen.add(arms[0] ?? null);
  }
  expect(seen).toEqual(new Set([`groq/${MODEL}`, `groq/${SMALL}`]));
  const named = await ask({ user: 'user-1', model: SMALL });
  expect(named.headers.get('x-served-by')).toBe(`groq/${SMALL}`);
  expect(named.headers.get('x-model-arm')).toBeNull();
  const { by_arm } = await eventually(usage, ({ total }) => total.requests === 37);
  const counts = Object.values(by_arm).map(({ requests }) => requests);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(36);
  expect(by_arm[MODEL]).toMatchObject({ errors: 0 });
  expect(by_arm[MODEL]?.completion_tokens).toBeGreaterThan(0);
  expect(by_arm[MODEL]?.mean_latency_ms).toBeGreaterThan(0);
  expect(by_arm[SMALL]?.cost).toBeGreaterThan(0);
});

test('a caller keeps its arm, whatever port a proxy saw it come from', async () => {
  const { ask } = await boot({
    MODEL_SPLIT: `${MODEL}=50,${SMALL}=50`,
    TRUST_PROXY: '1',
    DATA_DIR: `${dataDir}-ports`,
  });
  const arms = new Set<string | null>();
  for (let port = 50_000; port < 50_012; port++) {
    const answer = await ask({}, { 'x-forwarded-for': `192.0.2.1:${port}` });
    arms.add(answer.headers.get('x-model-arm'));
  }
  expect([MODEL, SMALL]).toEqual(expect.arrayContaining([...arms]));
  expect(arms.size).toBe(1);
});

test('the Responses API is split as well', async () => {
  const { ask } = await boot({ MODEL_SPLIT: `${SMALL}=1`, DATA_DIR: `${dataDir}-responses` });
  const answer = await ask({ input: 'Hi' }, {}, '/v1/responses');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-model-arm')).toBe(SMALL);
  expect(answer.headers.get('x-served-by')).toBe(`groq/${SMALL}`);
  const named = await ask({ input: 'Hi', model: MODEL }, {}, '/v1/responses');
  expect(named.headers.get('x-model-arm')).toBeNull();
});
