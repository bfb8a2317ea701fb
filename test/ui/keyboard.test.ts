import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openPage, PHONE } from './support/browser.ts';
import { ask, ended, openChat, say } from './support/chat.ts';
import { chatFixture, LARGE } from './support/chat-fixture.ts';

const on = chatFixture();

/** What has the focus, as a screen reader would name it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element?.getAttribute('aria-label') || element?.id || element?.textContent;
  });

/** Presses Tab until something of this name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (name.test((await focused(page)) ?? '')) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${name}`);
}

describe('without a mouse', () => {
  it('one signs in, asks, stops, asks again, edits, and starts anew', async () => {
    const { page, close } = await openPage(on.browser);
    await page.goto(on.cloud.server.url);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the prompt');
    await page.getByLabel('Key', { exact: true }).focus();
    await page.keyboard.insertText(await on.cloud.server.key());
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Prompt');

    on.upstream.script(LARGE, (out) => out.text('It begins'));
    await page.keyboard.type('First');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('line two');
    await page.keyboard.press('Enter');
    await page.getByText('It begins').waitFor();
    await page.keyboard.press('Escape');
    await ended(page).waitFor();
    expect(on.upstream.asked[0]?.messages[0]?.content).toBe('First\nline two');

    on.upstream.script(LARGE, (out) => {
      out.text('Whole.');
      out.finish();
    });
    await page.keyboard.press('Shift+Tab');
    await tabTo(page, /^Ask again$/);
    await page.keyboard.press('Enter');
    await page.getByText('Whole.').waitFor();

    await page.keyboard.press('Shift+Escape');
    expect(await focused(page)).toBe('Prompt');
    await page.keyboard.press('Control+Shift+O');
    await expect.poll(() => page.locator('.turn').count()).toBe(0);
    expect(await focused(page)).toBe('Prompt');
    await close();
  });

  it('dialogs hold the focus, close by Escape, and give it back', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await tabTo(page, /^Settings of this conversation$/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let presses = 0; presses < 8; presses += 1) {
      await page.keyboard.press('Tab');
      const isOutside = await page.evaluate(() =>
        Boolean(document.activeElement?.closest('.desk, .side')),
      );
      expect(isOutside).toBe(false);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Settings of this conversation');
    await close();
  });
});

describe('Escape', () => {
  it('stops an answer at once, whatever was searched for before', async () => {
    const { page, close } = await openPage(on.browser);
    on.upstream.script(LARGE, (out) => out.text('It begins'));
    await openChat(page, on.cloud);
    await page.keyboard.press('Control+K');
    await expect.poll(() => focused(page)).toBe('search');
    await say(page, 'Begin');
    await page.getByText('It begins').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Stopped. What came stays.').waitFor();
    await close();
  });

  it('leaves a prompt as it was, with the focus where it was', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await ask(page, 'First words');
    const edit = page.getByRole('button', { name: 'Edit and send again' });
    await edit.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Your prompt in other words');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Edit and send again');
    await page.keyboard.press('Enter');
    await tabTo(page, /^Leave as it was$/);
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Edit and send again');
    expect(on.upstream.asked).toHaveLength(1);
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Your prompt in other words');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Second words');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Prompt');
    await expect.poll(() => on.upstream.asked.length).toBe(2);
    expect(on.upstream.asked[1]?.messages).toEqual([{ role: 'user', content: 'Second words' }]);
    await close();
  });
});

describe('on a touch screen', () => {
  it('Enter begins a line, in a prompt and in its other words', async () => {
    const { page, close } = await openPage(on.browser, {
      ...PHONE,
      hasTouch: true,
      isMobile: true,
    });
    await openChat(page, on.cloud);
    const prompt = page.getByRole('textbox', { name: 'Prompt' });
    await prompt.fill('One');
    await page.keyboard.press('Enter');
    expect(await prompt.inputValue()).toBe('One\n');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await ended(page).waitFor();
    await page.getByRole('button', { name: 'Edit and send again' }).click();
    await expect.poll(() => focused(page)).toBe('Your prompt in other words');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    expect(await page.getByLabel('Your prompt in other words').inputValue()).toBe('One\n');
    await close();
  });
});

describe('without a connection', () => {
  it('the page says so, keeps the prompt, and goes on when the server is back', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await page.context().setOffline(true);
    await page.getByText('This device is offline.').waitFor();
    await page.getByRole('textbox', { name: 'Prompt' }).fill('Later');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    expect(await page.locator('.turn').count()).toBe(0);
    await page.context().setOffline(false);
    await page.getByText('This device is offline.').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('All is well.').waitFor();
    await close();
  });

  it('a server that does not answer is told apart from a device that is offline', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await page.route('**/v1/chat/completions', (route) => route.abort('connectionrefused'));
    await page.route(/health|api/, (route) => route.abort('connectionrefused'));
    await page.getByRole('textbox', { name: 'Prompt' }).fill('Anybody?');
    await page.keyboard.press('Enter');
    await page.getByText('The server could not be reached.').waitFor();
    await page.getByText('The server does not answer').waitFor();
    await page.unroute(/health|api/);
    await page.getByText('The server does not answer').waitFor({ state: 'detached' });
    await close();
  });
});
