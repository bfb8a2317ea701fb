import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { envExample, settingsPage, settingsTable } from '../../src/config/document.ts';

it("holds the README's table of settings and the schema together (npm run docs)", () => {
  expect(readFileSync('README.md', 'utf8')).toContain(settingsTable());
});

it('holds .env.example and the schema together (npm run docs)', () => {
  expect(readFileSync('.env.example', 'utf8')).toBe(envExample());
});

it('holds docs/settings.md and the schema together (npm run docs)', () => {
  expect(readFileSync('docs/settings.md', 'utf8')).toBe(settingsPage());
});
