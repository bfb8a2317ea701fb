import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { blocksOf, commandsOf, root, textOf } from './documents.ts';
import { shellIn } from './shell.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);

/** Writes down how it was called, and does nothing. */
const NOTES = `#!/bin/sh\necho "$(basename "$0") $*" >> "$CALLS"\n`;

it.runIf(existsSync(`${root}/.git`))(
  'docs/deploy-systemd.md, typed on a machine where npm and systemd only take notes',
  async () => {
    const machine = scratch.path('machine');
    for (const path of ['', '/home', '/etc', '/etc/systemd', '/etc/systemd/system', '/opt']) {
      mkdirSync(machine + path);
    }
    const shell = shellIn(`${machine}/home`);
    for (const name of ['npm', 'systemctl', 'journalctl']) {
      writeFileSync(`${machine}/home/shims/${name}`, NOTES, { mode: 0o755 });
    }
    writeFileSync(`${machine}/home/shims/sudo`, '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
    const [block] = blocksOf('docs/deploy-systemd.md');
    if (!block) throw new Error('no block');
    const commands = commandsOf(block).map((command) =>
      command
        .replace('https://github.com/<you>/keyturn', root)
        .replaceAll(/ \/(opt|etc)\//g, ` ${machine}/$1/`),
    );
    const ended = await shell.run(commands, { CALLS: `${machine}/calls` });
    expect(ended.filter(({ exit }) => exit !== 0)).toEqual([]);

    const environment = `${machine}/etc/keyturn/env`;
    expect(statSync(environment).mode & 0o777).toBe(0o600);
    expect(statSync(`${machine}/etc/keyturn`).mode & 0o777).toBe(0o700);
    expect(readFileSync(environment, 'utf8')).toMatch(
      /^ADMIN_SECRET=[0-9a-f]{48}\nGROQ_API_KEY=gsk_…\n$/,
    );
    const unit = readFileSync(`${machine}/etc/systemd/system/keyturn.service`, 'utf8');
    expect(unit).toBe(textOf('deploy/keyturn.service'));
    expect(unit).toContain('WorkingDirectory=/opt/keyturn');
    expect(unit).toContain('EnvironmentFile=/etc/keyturn/env');
    expect(existsSync(`${machine}/opt/keyturn/package.json`)).toBe(true);
    expect(readFileSync(`${machine}/calls`, 'utf8').split('\n')).toEqual([
      ...['npm ci --include=dev', 'npm run build', 'npm run warm'],
      ...['systemctl daemon-reload', 'systemctl enable --now keyturn'],
      ...['journalctl -u keyturn --output cat -f', ''],
    ]);
  },
);
