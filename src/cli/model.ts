import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { schema } from '../config/schema.ts';
import type { Command } from './command.ts';
import { wrongUsage } from './failure.ts';
import { checkModel } from './model/check.ts';
import { listModels } from './model/list.ts';
import { pullModel } from './model/pull.ts';
import { removeModel, useModel } from './model/use.ts';

const USAGE = `Usage: keyturn model list
       keyturn model pull <name>|hf:owner/repository/file.gguf|https://….gguf
       keyturn model use <name>
       keyturn model check [name]
       keyturn model remove <name>

Local models, which answer when the cloud doesn't. pull goes on where an earlier try broke off and
checks what came; use writes LOCAL_MODEL into .env; check loads a model and lets it answer once.
`;

/** `keyturn model`: gets, chooses and tries local models. */
export const model: Command = {
  about: 'get, choose and try local models',
  usage: USAGE,
  run: async (args) => {
    const [action, name, ...rest] = parseArgs({ args, allowPositionals: true }).positionals;
    if (rest.length > 0) throw wrongUsage('One model at a time.');
    const { LOCAL_MODEL: set, LOCAL_CONTEXT: context } = schema
      .pick({ LOCAL_MODEL: true, LOCAL_CONTEXT: true })
      .parse(process.env);
    const used = basename(set, '.gguf');
    if (action === 'list') process.stdout.write(listModels(used));
    else if (action === 'check') await checkModel(name ?? used, context);
    else if (action === 'pull') await pullModel(needed(name));
    else if (action === 'use') await useModel(needed(name));
    else if (action === 'remove') await removeModel(needed(name), used);
    else throw wrongUsage('What about models? list, pull, use, check or remove.');
  },
};

function needed(name: string | undefined): string {
  if (!name) throw wrongUsage('Which model? keyturn model list shows them.');
  return name;
}
