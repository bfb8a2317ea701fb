import { describe, expect, it } from 'vitest';
import { openPage } from './support/browser.ts';
import { ask, ended, openChat, say } from './support/chat.ts';
import { chatFixture, LARGE } from './support/chat-fixture.ts';

const on = chatFixture();

const LINES = Array.from({ length: 80 }, (_, line) => `Line ${line} of a long answer.\n\n`);

describe('a reader who goes up in an answer that grows', () => {
  it('stays there when it ends, and is taken to the end by the next prompt', async () => {
    const { page, close } = await openPage(on.browser);
    let finish: () => void = () => undefined;
    on.upstream.script(LARGE, (out) => {
      out.text(...LINES);
      finish = out.finish;
    });
    await openChat(page, on.cloud);
    await say(page, 'Long');
    await page.getByText('Line 79').waitFor();
    const scroller = page.locator('.scroller');
    await scroller.hover();
    await page.mouse.wheel(0, -900);
    await page.getByRole('button', { name: 'To the end' }).waitFor();
    const place = () => scroller.evaluate(({ scrollTop }) => scrollTop);
    const before = await place();
    finish();
    await page.getByRole('button', { name: 'Ask again' }).waitFor();
    expect(await place()).toBe(before);
    await ask(page, 'And on');
    await expect
      .poll(() => scroller.evaluate((of) => of.scrollHeight - of.scrollTop - of.clientHeight))
      .toBeLessThan(2);
    await close();
  });
});

describe('an answer that two others went on with', () => {
  it('says at each seam who took over there', async () => {
    const { page, close } = await openPage(on.browser);
    const events = ['a/one', 'b/two', 'c/three'].map((model, index) => {
      const delta = { content: `Part ${index} said. ` };
      const choice = { delta, finish_reason: index === 2 ? 'stop' : null };
      return `data: ${JSON.stringify({ model, choices: [choice] })}\n\n`;
    });
    await page.route('**/v1/chat/completions', (route) =>
      route.fulfill({
        headers: { 'content-type': 'text/event-stream', 'x-key-expires': '2099-01-01T00:00:00Z' },
        body: `${events.join('')}data: [DONE]\n\n`,
      }),
    );
    await openChat(page, on.cloud);
    await ask(page, 'Go');
    const seams = await page
      .locator('.seam')
      .evaluateAll((all) => all.map((seam) => seam.getAttribute('aria-label')));
    expect(seams).toEqual(['Here two took over and went on.', 'Here three took over and went on.']);
    await close();
  });
});

describe('an answer that is asked for again', () => {
  it('stays where the new one never begins', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await ask(page, 'One');
    await ask(page, 'Two');
    await page.route('**/v1/chat/completions', (route) => route.abort('connectionrefused'));
    await page.getByRole('button', { name: 'Ask again' }).first().click();
    await page.getByText('The server could not be reached.').waitFor();
    expect(await page.getByText('All is well.').count()).toBe(2);
    await page.reload();
    await ended(page).nth(1).waitFor();
    await close();
  });
});
