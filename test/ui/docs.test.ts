import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { seriousFindings } from './support/accessibility.ts';
import { openBrowser, openPage, PHONE, picture } from './support/browser.ts';

let cloud: Cloud;
let browser: Browser;
beforeAll(async () => {
  [cloud, browser] = await Promise.all([startCloud(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await cloud.stop();
});

async function docs(path = '/docs', options = {}) {
  const opened = await openPage(browser, options);
  await opened.page.goto(cloud.server.url + path);
  await opened.page.getByLabel('Find a route').waitFor();
  return opened;
}

const answerIn = (operation: Locator) => operation.getByRole('region', { name: 'Body' });

it('asks a chat by keyboard alone, and keeps the key nowhere', async () => {
  const { page, faults, addresses, close } = await docs();
  const key = await cloud.server.key();
  await page.getByLabel('Key of the week', { exact: true }).focus();
  await page.keyboard.type(key);
  await page.getByLabel('Find a route').focus();
  await page.keyboard.type('POST /chat');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const chat = page.locator('#chat');
  await chat.getByRole('button', { name: 'Send' }).focus();
  await page.keyboard.press('Enter');
  await answerIn(chat).getByText('"chat.completion"').waitFor();
  await chat.getByText('200', { exact: true }).first().waitFor();
  expect(await chat.getByText('curl -sN').textContent()).not.toContain(key);
  expect(addresses.filter((address) => address.includes(key))).toEqual([]);
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );
  expect(kept).not.toContain('sk-');
  expect(await seriousFindings(page)).toEqual([]);
  expect(faults).toEqual([]);
  await page.reload();
  expect(await page.getByLabel('Key of the week', { exact: true }).inputValue()).toBe('');
  await close();
});

it('shows a stream while it comes, and a refusal in its own words', async () => {
  const { page, faults, close } = await docs('/docs#chatCompletion');
  const chat = page.locator('#chatCompletion');
  await chat.getByRole('button', { name: 'Send' }).click();
  await chat.getByText('No API key was sent.').waitFor();
  await page.getByLabel('Key of the week', { exact: true }).fill(await cloud.server.key());
  const body = { stream: true, messages: [{ role: 'user', content: 'Hi' }] };
  await chat.getByRole('textbox', { name: 'Body' }).fill(JSON.stringify(body));
  cloud.lab.script('*', ['stall:tokens=3,ms=60000']);
  await chat.getByRole('button', { name: 'Send' }).click();
  await answerIn(chat).getByText('chat.completion.chunk').waitFor();
  await chat.getByRole('button', { name: 'Stop' }).click();
  await chat.getByText('Stopped.').waitFor();
  cloud.lab.reset();
  expect(faults).toEqual([]);
  await close();
});

it('sends a recording, and names the file on the command line', async () => {
  const { page, close } = await docs('/docs#transcription');
  const form = page.locator('#transcription');
  await page.getByLabel('Key of the week', { exact: true }).fill(await cloud.server.key());
  await form.getByRole('button', { name: 'Send' }).click();
  await form.getByText('Choose a file first.').waitFor();
  const file = { name: 'talk.wav', mimeType: 'audio/wav', buffer: Buffer.from('sound') };
  await form.getByLabel('File', { exact: true }).setInputFiles(file);
  await form.getByRole('button', { name: 'Send' }).click();
  await answerIn(form).getByText('"text"').waitFor();
  expect(await form.getByText('curl -sN').textContent()).toContain("-F 'file=@talk.wav'");
  await close();
});

it('fits a phone with a route unfolded, in light and dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, faults, close } = await docs('/docs#usage', { ...PHONE, colorScheme });
    await page.locator('#usage').getByText('Answers', { exact: true }).click();
    const overhang = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect(overhang).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
    await picture(page, `docs-unfolded-${colorScheme}-phone`);
    await close();
  }
});
