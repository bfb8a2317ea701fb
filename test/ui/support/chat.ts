import type { Page } from 'playwright-core';
import type { Cloud } from '../../support/cloud.ts';

/** Opens the chat with the key of the week in this browser. */
export async function openChat(page: Page, { server }: Pick<Cloud, 'server'>): Promise<void> {
  await page.goto(server.url);
  await page.getByLabel('Key', { exact: true }).fill(await server.key());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('textbox', { name: 'Prompt' }).waitFor();
}

/** Says something; the answer comes in from then on. */
export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt' }).fill(text);
  await page.keyboard.press('Enter');
}

/** Says something and waits until the answer has ended, one way or another. */
export async function ask(page: Page, text: string): Promise<void> {
  const before = await ended(page).count();
  await say(page, text);
  await ended(page).nth(before).waitFor();
}

/** Answers that no more words will come to. */
export const ended = (page: Page) => page.locator('.answer[aria-busy="false"]');

/** The last answer's words, as they are shown. */
export const lastAnswer = (page: Page) => page.locator('.answer').last();
