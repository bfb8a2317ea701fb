import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { wrongUsage } from './failure.ts';
import { tryModel } from './model/check.ts';
import { listModels } from './model/list.ts';
import { type Expected, pullModel } from './model/pull.ts';
import { removeModel } from './model/remove.ts';
import { readModelSettings } from './model/settings.ts';
import { useModel } from './model/use.ts';

const USAGE = `Usage: keyturn model list
       keyturn model pull <name>|hf:owner/repository/file.gguf|https://….gguf
       keyturn model use <name>
       keyturn model check [name]
       keyturn model remove <name>

Local models, which answer when the cloud doesn't. list shows what is here, what could be, and what
fits this machine; pull goes on where an earlier try broke off, and checks what came; use writes
LOCAL_MODEL into .env; check loads a model, lets it answer three prompts and measures it.

  --sha256 <hex>   pull: what the file must be
  --bytes <count>  pull: how large it must be
  --force          remove: even the model that is in use
`;

const OPTIONS = {
  sha256: { type: 'string' },
  bytes: { type: 'string' },
  force: { type: 'boolean' },
} as const;

/** `keyturn model`: gets, chooses and tries local models. */
export const model: Command = {
  about: 'get, choose and try local models',
  usage: USAGE,
  run: async (args) => {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const [action, name, ...rest] = positionals;
    if (rest.length > 0) throw wrongUsage('One model at a time.');
    const settings = readModelSettings(process.env);
    if (action === 'list' && name) throw wrongUsage('list shows all models, and takes no name.');
    if (action === 'list') await listModels(settings);
    else if (action === 'check') await tryModel(name, settings);
    else if (action === 'pull') await pullModel(needed(name), expected(values), settings);
    else if (action === 'use') await useModel(needed(name), settings);
    else if (action === 'remove')
      await removeModel(needed(name), { ...settings, isForced: values.force ?? false });
    else throw wrongUsage('What about models? list, pull, use, check or remove.');
  },
};

function needed(name: string | undefined): string {
  if (!name) throw wrongUsage('Which model? keyturn model list shows them.');
  return name;
}

function expected({ sha256, bytes }: { sha256?: string; bytes?: string }): Expected {
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw wrongUsage('--sha256 takes 64 hexadecimal digits.');
  }
  if (bytes !== undefined && !/^[1-9]\d{0,14}$/.test(bytes)) {
    throw wrongUsage('--bytes takes a number.');
  }
  return {
    ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
    ...(bytes === undefined ? {} : { bytes: Number(bytes) }),
  };
}
