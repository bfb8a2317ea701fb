import { afterAll, expect, test } from 'vitest';
import { endingOf, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud({
  LOCAL_MODEL: 'none',
  FIRST_TOKEN_TIMEOUT_MS: '5000',
  STREAM_IDLE_TIMEOUT_MS: '5000',
});
afterAll(cloud.stop);
const { lab, stream, attempts } = cloud;

const LINES = ['crlf', 'cr', 'comments', 'data-lines', 'no-space', 'fields', 'bom'];
const PACKETS = ['one-byte', 'half-events', 'split-characters', 'glued', 'unchunked'];

test.for([...LINES, ...PACKETS, 'one-mib', 'mislabelled', 'interim'])(
  'a lawful stream in unusual clothes (%s) is read without loss, at the first attempt',
  async (fault) => {
    const model = `lab/${fault}`;
    const answer = await stream({ model });
    expect(endingOf(answer)).toBe('whole');
    expect(streamed(answer)).toBe(lab.expected(PROMPT));
    expect(answer.headers.get('x-served-by')).toBe(`groq/${model}`);
    expect(attempts(model)).toHaveLength(1);
  },
);

test('a surrogate pair that is divided between two events arrives as it was sent', async () => {
  const answer = await stream({ model: 'lab/split-surrogates' });
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer)).toBe(lab.expected(PROMPT));
});

test('the event of a mebibyte arrives in full', async () => {
  const answer = await stream({ model: 'lab/one-mib#size' });
  expect(answer.bytes.length).toBeGreaterThan(1024 * 1024);
});

test('a connection that is closed after a whole answer costs the next request nothing', async () => {
  for (const round of [1, 2, 3]) {
    const answer = await stream({ model: `lab/leaves#${round}` });
    expect(endingOf(answer)).toBe('whole');
  }
});
