import { expect, test } from 'vitest';
import { refuseLeaks } from '../support/leaks.ts';

const settings = { GROQ_API_KEY: 'gsk_first_one,gsk_second_one', ADMIN_SECRET: 'a secret of mine' };

test.each(['{"key":"gsk_second_one"}', 'a secret of mine', `sk-${'x'.repeat(48)}`])(
  'the search of every output finds %s',
  (output) => {
    expect(() => refuseLeaks(output, settings)).toThrow(/the output holds/);
  },
);

test('the search of every output lets the rest pass', () => {
  refuseLeaks('{"key":"…_one","msg":"a secret of theirs"}', settings);
});
