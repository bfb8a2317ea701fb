import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePlan } from '../../tools/lab/limits.ts';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { seriousFindings } from './support/accessibility.ts';
import { DESKTOP, openBrowser, openPage, PHONE, picture } from './support/browser.ts';
import { ask, ended, lastAnswer, openChat, say } from './support/chat.ts';

const LARGE = 'openai/gpt-oss-120b';

let cloud: Cloud;
let browser: Browser;
beforeAll(async () => {
  [cloud, browser] = await Promise.all([
    startCloud({}, { gapMs: 5, limits: freePlan }),
    openBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await cloud.stop();
});

describe('with a provider that tells its limits', () => {
  it.each([
    ['light', 'desktop', DESKTOP],
    ['dark', 'phone', PHONE],
  ] as const)(
    'what is left for the model in view is shown (%s, %s)',
    async (colorScheme, device, size) => {
      const { page, faults, close } = await openPage(browser, { colorScheme, ...size });
      await openChat(page, cloud);
      await ask(page, 'Tell me of the harbour. [tokens=120]');
      const button = page.getByRole('button', { name: /^Model: Automatic/ });
      await expect
        .poll(() => button.textContent())
        .toMatch(/[\d.]+K? (requests|tokens)\/(min|day) left/);
      const send = await page.getByRole('button', { name: 'Send', exact: true }).boundingBox();
      expect((send?.x ?? 0) + (send?.width ?? 0)).toBeLessThan(size.viewport.width);
      expect(await button.getAttribute('title')).toMatch(/of [\d.]+K? tokens\/min left/);
      expect(await lastAnswer(page).locator('.facts').textContent()).toMatch(/\d+ tokens\/s/);
      await picture(page, `chat-quota-${colorScheme}-${device}`);
      await button.click();
      const choice = page.getByRole('radio', { name: new RegExp(LARGE) });
      await choice.check();
      await expect
        .poll(() => page.locator('.model.chosen').textContent())
        .toMatch(/tokens a minute/);
      expect(await seriousFindings(page)).toEqual([]);
      await picture(page, `chat-models-with-limits-${colorScheme}-${device}`);
      expect(faults).toEqual([]);
      await close();
    },
  );

  it('an answer that was cut in a code block goes on in it, with its seam behind', async () => {
    const { page, faults, close } = await openPage(browser);
    cloud.lab.script(LARGE, ['cut-in-fence', 'healthy']);
    await openChat(page, cloud);
    await ask(page, 'Tell me of the rescue.');
    await page.getByText('gpt-oss-120b broke off; gpt-oss-20b went on.').waitFor();
    expect(await page.locator('.seam').count()).toBe(1);
    expect(await lastAnswer(page).locator('figure.code').count()).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    cloud.lab.reset();
    await close();
  });

  it('what came of an answer is kept when the page goes away', async () => {
    const { page, close } = await openPage(browser);
    cloud.lab.script(LARGE, ['stall:tokens=20,ms=60000']);
    await openChat(page, cloud);
    await say(page, 'Tell me of the end.');
    await expect.poll(() => lastAnswer(page).locator('.markdown').textContent()).toMatch(/\w+/);
    await expect.poll(() => keptAnswer(page), { timeout: 10_000 }).toMatchObject(BEGINNING);
    await page.reload();
    await page.getByText('The page was closed before the answer was whole.').waitFor();
    expect(await ended(page).locator('.markdown').textContent()).toMatch(/\w+/);
    cloud.lab.reset();
    await close();
  });

  it('what came is kept also while nobody sees the page and nothing is drawn', async () => {
    const { page, close } = await openPage(browser);
    await openChat(page, cloud);
    // A hidden page gets no frames.
    await page.evaluate(() => {
      window.requestAnimationFrame = () => 1;
    });
    await say(page, 'Tell me of the sea. [tokens=2000]');
    await expect.poll(() => keptAnswer(page), { timeout: 10_000 }).toMatchObject(BEGINNING);
    await close();
  });
});

it('a caller whose share is used up reads how long to wait', async () => {
  const { server, stop } = await startCloud({ CALLER_RPM: '1' });
  const { page, close } = await openPage(browser);
  await openChat(page, { server });
  await ask(page, 'The only one.');
  await ask(page, 'One too many.');
  expect(await page.getByRole('alert').last().textContent()).toMatch(
    / says\. \(\d+ (s|min)( \d+ s)?\)$/,
  );
  await close();
  await stop();
});

const BEGINNING = { text: expect.stringMatching(/\w+/), ending: { code: 'closed' } };

/** What this browser has kept of the answer in its only conversation. */
function keptAnswer(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('keyturn');
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    const all = opening.result.transaction('conversations').objectStore('conversations').getAll();
    await new Promise((resolve) => all.addEventListener('success', resolve));
    opening.result.close();
    return all.result[0]?.turns[1];
  });
}

describe('copying', () => {
  it('takes an answer as it was written, and a code block alone', async () => {
    const { page, close } = await openPage(browser, {
      ...DESKTOP,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await openChat(page, cloud);
    const prompt = 'Tell me of the copy.';
    await ask(page, prompt);
    await page.getByRole('button', { name: 'Copy answer' }).click();
    await page.getByText('Copied').waitFor();
    const whole = await copied();
    expect(whole).toBe(cloud.lab.expected(prompt));
    await page.getByRole('button', { name: 'Copy code' }).first().click();
    await expect.poll(copied).not.toBe(whole);
    expect(whole).toContain(`\`\`\`ts\n${await copied()}\n\`\`\``);
    await close();
  });
});

describe('somebody who wants no motion', () => {
  it('sees none', async () => {
    const { page, close } = await openPage(browser, { ...DESKTOP, reducedMotion: 'reduce' });
    cloud.lab.script(LARGE, ['stall:tokens=1,ms=3000']);
    await openChat(page, cloud);
    await page.getByRole('textbox', { name: 'Prompt' }).fill('Move.');
    await page.keyboard.press('Enter');
    await page.locator('.pulse').first().waitFor();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    cloud.lab.reset();
    await close();
  });
});
