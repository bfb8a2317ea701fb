import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openPage } from './support/browser.ts';
import { openChat } from './support/chat.ts';
import { chatFixture } from './support/chat-fixture.ts';

const on = chatFixture();

/** Where the upper left corner of something is. */
async function cornerOf(shown: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await shown.boundingBox();
  if (!box) throw new Error('it is not shown');
  return box;
}

describe('a dialog', () => {
  it('is closed by a click beside it, and by none within', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await page.keyboard.press('Control+.');
    const dialog = page.getByRole('dialog');
    const { x, y } = await cornerOf(dialog);
    await page.mouse.click(x + 6, y + 80);
    expect(await dialog.count()).toBe(1);
    await page.mouse.click(x - 20, y + 80);
    await dialog.waitFor({ state: 'detached' });
    await close();
  });

  it('stays when words in it are marked beyond its edge', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await page.keyboard.press('Control+.');
    const field = page.getByLabel('System prompt');
    await field.fill('Be brief.');
    const { x, y } = await cornerOf(field);
    await page.mouse.move(x + 60, y + 20);
    await page.mouse.down();
    await page.mouse.move(5, y + 20);
    await page.mouse.up();
    expect(await page.getByRole('dialog').count()).toBe(1);
    await close();
  });
});
