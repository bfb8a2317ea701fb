import { parseArgs } from 'node:util';
import { readSettings, type Settings } from '../config/settings.ts';
import { surroundings, withoutSettings } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { checkPort } from '../doctor/machine.ts';
import type { Command } from './command.ts';
import { EXIT } from './failure.ts';
import { homeFolder } from './home.ts';
import { painterFor } from './paint.ts';

const USAGE = `Usage: keyturn doctor [--json]

Looks at everything that the server needs on this machine (settings, store, Groq's keys and models,
local model, memory, clock, port) and says how to mend what is wrong. Changes nothing.

Exit codes: 0 all is well, or works; 1 something can't work.
`;

const MARKS = { fine: ['green', '✓'], warning: ['yellow', '!'], failure: ['red', '✗'] } as const;

/** `keyturn doctor`: finds what is wrong, and says how to mend it. */
export const doctor: Command = {
  about: 'find what is wrong on this machine, and how to mend it',
  usage: USAGE,
  run: async (args) => {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
    const findings = await examine();
    process.stdout.write(
      values.json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(shown).join(''),
    );
    if (findings.some(({ kind }) => kind === 'failure')) process.exitCode = EXIT.failed;
  },
};

async function examine(): Promise<Finding[]> {
  let settings: Settings;
  try {
    settings = readSettings(process.env);
  } catch (error) {
    return withoutSettings(error as Error);
  }
  return [...(await surroundings(settings, homeFolder())), await checkPort(settings)];
}

function shown(finding: Finding): string {
  const paint = painterFor(process.stdout);
  const [colour, mark] = MARKS[finding.kind];
  const line = `${paint(colour, mark)} ${finding.about.padEnd(16)} ${finding.found}\n`;
  return finding.kind === 'fine'
    ? line
    : `${line}${' '.repeat(19)}${paint('bold', '→')} ${finding.mend}\n`;
}
