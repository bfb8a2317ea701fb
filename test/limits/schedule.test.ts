import { expect, test } from 'vitest';
import { AttemptError } from '../../src/core/attempt.ts';
import type { ChatRequest } from '../../src/core/chat.ts';
import type { Admission, Limiter } from '../../src/core/limiter.ts';
import { openLimitBook } from '../../src/limits/limit-book.ts';
import type { Limits } from '../../src/limits/limits.ts';
import type { LimitsState } from '../../src/limits/limits-state.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { DAY, fakeClock, HOUR } from '../support/fake-clock.ts';

const MINUTE = 60_000;
const LIMITS: Limits = { rpm: 30, rpd: 1_000, tpm: 8_000, tpd: 200_000 };

/** The same pseudo-random numbers in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

type Call = { at: number; tokens: number };

/** Books that log every call, and look back exactly. */
function strictBooks() {
  const calls: Call[] = [];
  const within = (now: number, ms: number) => calls.filter(({ at }) => at > now - ms);
  return {
    calls,
    take: (call: Call) => {
      calls.push(call);
      const minute = within(call.at, MINUTE);
      const day = within(call.at, DAY);
      const sum = (of: Call[]) => of.reduce((all, { tokens }) => all + tokens, 0);
      return {
        rpm: minute.length,
        rpd: day.length,
        tpm: sum(minute),
        tpd: sum(day),
      };
    },
  };
}

function request(maxTokens: number | undefined): ChatRequest {
  const limit = maxTokens === undefined ? {} : { max_tokens: maxTokens };
  const messages = [{ role: 'user', content: 'Tell me more.' }];
  return { id: 'x', params: { model: 'm', messages, ...limit }, fallback: 'on' };
}

async function book(clock = fakeClock(0), limits = LIMITS, store = memoryStore<LimitsState>()) {
  const opened = await openLimitBook({
    clock,
    store,
    limitsOf: () => ({ limits, source: 'set' }),
    onStoreError: (error) => expect.unreachable(String(error)),
    boot: () => undefined,
  });
  return { clock, store, book: opened, limiter: opened.limiterOf('key') };
}

async function admitted(limiter: Limiter, asked: ChatRequest) {
  try {
    return await limiter.admit(asked);
  } catch (error) {
    if (error instanceof AttemptError) return error;
    throw error;
  }
}

async function answeredCall(limiter: Limiter): Promise<void> {
  const admission = await limiter.admit(request(10));
  admission.answered({});
  admission.settled(undefined, 1);
}

test.for([1, 2, 3])(
  'a hostile schedule never oversteps, and most is usable (seed %i)',
  async (seed) => {
    const { clock, limiter } = await book();
    const random = randomFrom(seed);
    const books = strictBooks();
    const under: { admission: Admission; call: Call; counted: boolean; endsAt: number }[] = [];
    const most = { rpm: 0, rpd: 0, tpm: 0, tpd: 0 };
    const hours = 3;
    while (clock.elapsed() < hours * HOUR) {
      const asked = request(random() < 0.5 ? Math.ceil(random() * 300) : undefined);
      const admission = await admitted(limiter, asked);
      if (!(admission instanceof AttemptError)) {
        const granted = admission.request.params;
        const answer = Number(granted['max_completion_tokens'] ?? granted['max_tokens'] ?? 0);
        const endsAt = clock.elapsed() + random() * 4_000;
        const call = { at: 0, tokens: 20 + answer };
        under.push({ admission, call, counted: false, endsAt });
      }
      for (const each of [...under]) {
        // The provider counts a call at any moment between sending and answer.
        if (!each.counted && (random() < 0.5 || each.endsAt <= clock.elapsed())) {
          each.counted = true;
          each.call.at = clock.elapsed();
          const seen = books.take(each.call);
          for (const name of ['rpm', 'rpd', 'tpm', 'tpd'] as const) {
            most[name] = Math.max(most[name], seen[name]);
          }
        }
        if (each.endsAt > clock.elapsed()) continue;
        under.splice(under.indexOf(each), 1);
        const completion = Math.min(40, each.call.tokens - 20);
        each.call.tokens = 20 + completion;
        each.admission.answered({});
        const usage = { prompt_tokens: 20, completion_tokens: completion };
        each.admission.settled({ ...usage, total_tokens: 20 + completion }, 0);
      }
      clock.advance(random() < 0.9 ? Math.floor(random() * 700) : Math.floor(random() * 5_000));
    }
    expect(most.rpm).toBeLessThanOrEqual(30);
    expect(most.rpd).toBeLessThanOrEqual(1_000);
    expect(most.tpm).toBeLessThanOrEqual(8_000);
    expect(most.tpd).toBeLessThanOrEqual(200_000);
    // The day is what binds over three hours.
    expect(books.calls.length).toBeGreaterThanOrEqual(900);
  },
);

test('under steady demand at least nine tenths of a minute can be used, minute after minute', async () => {
  const { clock, limiter } = await book(fakeClock(0), { rpm: 30 });
  let calls = 0;
  const minutes = 60;
  while (clock.elapsed() < minutes * MINUTE) {
    const admission = await admitted(limiter, request(10));
    if (!(admission instanceof AttemptError)) {
      calls += 1;
      admission.answered({});
      admission.settled(undefined, 1);
    }
    clock.advance(250);
  }
  expect(calls).toBeGreaterThanOrEqual(0.9 * 30 * minutes);
});

test('concurrent requests can’t overdraw: the reservation stands before the call', async () => {
  const { limiter } = await book();
  const all = await Promise.all(Array.from({ length: 100 }, () => admitted(limiter, request(100))));
  expect(all.filter((each) => !(each instanceof AttemptError))).toHaveLength(30);
});

test('a wall clock that jumps changes nothing while the server runs', async () => {
  const clock = fakeClock(0);
  let jump = 0;
  const { limiter } = await book({ ...clock, now: () => clock.now() + jump });
  for (let call = 0; call < 30; call++) await limiter.admit(request(10));
  for (const by of [30 * DAY, -30 * DAY]) {
    jump = by;
    expect(await admitted(limiter, request(10))).toBeInstanceOf(AttemptError);
  }
});

test.for([
  ['forward a month', 30 * DAY],
  ['back a month', -30 * DAY],
] as const)(
  'a clock set %s while the server was away opens no window on the same machine',
  async ([, by]) => {
    const store = memoryStore<LimitsState>();
    const clock = fakeClock(40 * DAY);
    const common = {
      limitsOf: () => ({ limits: { rpm: 30 }, source: 'set' as const }),
      onStoreError: () => undefined,
      store,
    };
    const boot = (ms: number) => () => ({ id: 'one', uptime_ms: ms });
    const first = await openLimitBook({ ...common, clock, boot: boot(5_000_000) });
    for (let call = 0; call < 30; call++) await answeredCall(first.limiterOf('key'));
    await first.close();
    clock.advance(by);
    const second = await openLimitBook({ ...common, clock, boot: boot(5_002_000) });
    expect(await admitted(second.limiterOf('key'), request(10))).toBeInstanceOf(AttemptError);
    const third = await openLimitBook({ ...common, clock, boot: boot(5_070_000) });
    expect(await admitted(third.limiterOf('key'), request(10))).not.toBeInstanceOf(AttemptError);
  },
);

test('a killed process leaves a count that is never too low', async () => {
  const store = memoryStore<LimitsState>();
  for (let life = 0; life < 3; life++) {
    const { limiter } = await book(fakeClock(life * 10), LIMITS, store);
    for (let call = 0; call < 5; call++) await answeredCall(limiter);
    // Killed: nothing is closed.
  }
  const { book: last } = await book(fakeClock(100), LIMITS, store);
  const rpm = last.view()[0]?.windows.find(({ name }) => name === 'rpm');
  expect(rpm?.used).toBeGreaterThanOrEqual(15);
  expect(rpm?.used).toBeLessThanOrEqual(15 + 3 * 2);
});
