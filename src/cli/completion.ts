import type { Command } from './command.ts';
import { wrongUsage } from './failure.ts';
import { catalog, onShelf } from './model/shelf.ts';

const USAGE = `Usage: keyturn completion bash|zsh

Prints a script that completes commands and options with the Tab key:

  eval "$(keyturn completion bash)"   in ~/.bashrc
  eval "$(keyturn completion zsh)"    in ~/.zshrc, after compinit
`;

/** What may follow each command. */
const WORDS: Readonly<Record<string, string>> = {
  serve: '--port --host --data-dir --help',
  chat: '--model --system --local --help',
  ask: '--model --system --local --max-tokens --temperature --json --help',
  key: '--rotate --json --help',
  usage: '--days --json --help',
  limits: '--json --help',
  model: 'list pull use check remove --sha256 --bytes --force --help',
  doctor: '--json --help',
  completion: 'bash zsh --help',
  help: 'serve chat ask key usage limits model doctor completion',
};

/** What of `keyturn model` takes a model's name. */
const NAMING = ['pull', 'use', 'check', 'remove'];

/** `keyturn completion`: scripts for shells. */
export const completion: Command = {
  about: 'print a completion script for bash or zsh',
  usage: USAGE,
  run: async ([shell]) => {
    if (shell !== 'bash' && shell !== 'zsh') throw wrongUsage('Which shell? bash or zsh.');
    process.stdout.write(shell === 'bash' ? bash() : zsh());
  },
};

/** Models by name: those that are known, and those that are here. */
function models(): string {
  const names = [...onShelf(), ...catalog()].map(({ name }) => name);
  return [...new Set(names)].join(' ');
}

/** A model's name belongs at that place of the line. */
function namings(place: number): string {
  return NAMING.map((action) => `"${place} model ${action}"`).join(' | ');
}

function cases(indent: string, take: (words: string) => string): string {
  return Object.entries(WORDS)
    .map(([command, words]) => `${indent}${command}) ${take(words)} ;;`)
    .join('\n');
}

function bash(): string {
  return `_keyturn() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases('    ', (words) => `words="${words}"`)}
    *) words="" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${Object.keys(WORDS).join(' ')}"; fi
  case "$COMP_CWORD \${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
    ${namings(3)}) words="${models()}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _keyturn keyturn
`;
}

function zsh(): string {
  return `_keyturn() {
  if (( CURRENT == 2 )); then
    compadd -- ${Object.keys(WORDS).join(' ')}
    return
  fi
  case "$CURRENT \${words[2]} \${words[3]}" in
    ${namings(4)}) compadd -- ${models()}; return ;;
  esac
  case "\${words[2]}" in
${cases('    ', (words) => `compadd -- ${words}`)}
  esac
}
compdef _keyturn keyturn
`;
}
