import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Cloud, startCloud } from '../../support/cloud.ts';
import { type ScriptedUpstream, scriptedUpstream } from '../../support/scripted-upstream.ts';
import { openBrowser } from './browser.ts';

export const LARGE = 'openai/gpt-oss-120b';
export const SMALL = 'openai/gpt-oss-20b';

/** What a test of the chat stands on. */
export type ChatFixture = {
  readonly upstream: ScriptedUpstream;
  readonly cloud: Cloud;
  readonly browser: Browser;
};

/** A server, a provider that says what a test wants (`All is well.` where it doesn't), a browser. */
export function chatFixture(): ChatFixture {
  const fixture = {} as { -readonly [part in keyof ChatFixture]: ChatFixture[part] };
  beforeAll(async () => {
    fixture.upstream = await scriptedUpstream();
    const settings = { GROQ_BASE_URL: fixture.upstream.url, BREAKER_PROBE_MS: '1' };
    [fixture.cloud, fixture.browser] = await Promise.all([startCloud(settings), openBrowser()]);
  });
  afterAll(async () => {
    await fixture.browser.close();
    await fixture.cloud.stop();
    await fixture.upstream.close();
  });
  beforeEach(() => {
    fixture.upstream.asked.length = 0;
    fixture.upstream.script(LARGE, (out) => {
      out.text('All is ', 'well.');
      out.finish();
    });
  });
  return fixture;
}

/** Words as a model sends them: a few letters at a time. */
export const pieces = (text: string): string[] => text.match(/[\s\S]{1,6}/gu) ?? [];
