// `npm run docs`: writes what is made from the settings' schema into README.md, docs/settings.md and
// .env.example.
import { readFileSync, writeFileSync } from 'node:fs';
import { envExample, settingsPage, settingsTable } from '../../src/config/document.ts';

const TABLE = /(<!-- settings -->\n)[\s\S]*(\n<!-- \/settings -->)/;

const readme = readFileSync('README.md', 'utf8');
writeFileSync('README.md', readme.replace(TABLE, `$1${settingsTable()}$2`));
writeFileSync('docs/settings.md', settingsPage());
writeFileSync('.env.example', envExample());
