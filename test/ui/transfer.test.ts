import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openPage } from './support/browser.ts';
import { ask, openChat } from './support/chat.ts';
import { chatFixture } from './support/chat-fixture.ts';

const on = chatFixture();

/** Exports the conversation in view, and reads the file. */
async function exported(page: Page, form: string): Promise<{ name: string; text: string }> {
  await page.getByRole('button', { name: 'Rename, export or delete this' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: form, exact: true }).click(),
  ]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

async function importFile(page: Page, text: string): Promise<void> {
  const file = { name: 'any.json', mimeType: 'application/json', buffer: Buffer.from(text) };
  await page.getByLabel('File of conversations').setInputFiles(file);
}

describe('a conversation as a file', () => {
  it('is written as Markdown and as text', async () => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await ask(page, 'Is all well?');
    expect(await exported(page, 'Markdown')).toEqual({
      name: 'is-all-well.md',
      text: '# Is all well?\n\n## You\n\nIs all well?\n\n## gpt-oss-120b\n\nAll is well.\n',
    });
    expect(await exported(page, 'Text')).toEqual({
      name: 'is-all-well.txt',
      text: 'Is all well?\n============\n\nYou:\nIs all well?\n\ngpt-oss-120b:\nAll is well.\n',
    });
    await close();
  });

  it('goes to another browser as JSON, whole, and never over one that is there', async () => {
    const one = await openPage(on.browser);
    await openChat(one.page, on.cloud);
    await ask(one.page, 'Is all well?');
    const { text, name } = await exported(one.page, 'JSON');
    expect(name).toBe('is-all-well.json');
    await one.close();

    const other = await openPage(on.browser);
    await openChat(other.page, on.cloud);
    await importFile(other.page, text);
    await importFile(other.page, text);
    const items = other.page.getByRole('link', { name: 'Is all well?' });
    await expect.poll(() => items.count()).toBe(2);
    await items.first().click();
    await other.page.getByText('All is well.').waitFor();
    const again = JSON.parse((await exported(other.page, 'JSON')).text);
    expect(again).toEqual(
      JSON.parse(text, (name, value) => (name === 'id' ? expect.any(String) : value)),
    );
    expect(other.faults).toEqual([]);
    await other.close();
  });

  it.each([
    ['not JSON', 'This file is not JSON.'],
    ['{"conversations": []}', 'This file holds no conversations of keyturn.'],
  ])('%s is refused in words', async (text, sentence) => {
    const { page, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    await importFile(page, text);
    await page.getByText(sentence).waitFor();
    await close();
  });

  it('that was tampered with does no harm', async () => {
    const { page, faults, close } = await openPage(on.browser);
    await openChat(page, on.cloud);
    const turns = [null, 7, { role: 'assistant', text: {}, seams: [null], ending: 'x', at: '1' }];
    const odd = {
      title: ['<b>'],
      changedAt: Date.now() + 60_000,
      settings: { temperature: 'hot' },
      turns,
    };
    const file = { format: 'keyturn-conversations', version: 1, conversations: [odd, null] };
    await importFile(page, JSON.stringify(file));
    await page.getByRole('link', { name: 'Imported' }).first().click();
    await page.locator('.answer').first().waitFor();
    expect(faults).toEqual([]);
    await close();
  });
});
