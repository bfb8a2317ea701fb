import { withoutMarks } from '../markdown/seam.tsx';
import {
  type Answer,
  type ChatSettings,
  type Conversation,
  type Ending,
  newId,
  type Turn,
} from './conversation.ts';
import { FORMAT } from './exported.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a file that this page exported, here or in another browser. Whatever else the file holds is
 * left out, and each conversation gets an id of its own: an import never overwrites one.
 *
 * @throws Error with a sentence for the reader.
 */
export function readExport(text: string): Conversation[] {
  const file = fields(parse(text));
  if (file['format'] !== FORMAT || file['version'] !== 1) {
    throw new Error('This file holds no conversations of keyturn.');
  }
  return list(file['conversations']).map(conversationIn);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('This file is not JSON.');
  }
}

function conversationIn(value: unknown): Conversation {
  const given = fields(value);
  return {
    id: newId(),
    title: string(given['title']) || 'Imported',
    createdAt: number(given['createdAt']) ?? Date.now(),
    changedAt: number(given['changedAt']) ?? Date.now(),
    settings: settingsIn(fields(given['settings'])),
    turns: list(given['turns']).map((turn) => turnIn(fields(turn))),
  };
}

function settingsIn(given: Fields): ChatSettings {
  return {
    model: string(given['model']),
    system: string(given['system']),
    temperature: number(given['temperature']),
    maxTokens: number(given['maxTokens']),
  };
}

function turnIn(given: Fields): Turn {
  const common = {
    id: newId(),
    at: number(given['at']) ?? 0,
    text: withoutMarks(string(given['text'])),
  };
  return given['role'] === 'user'
    ? { role: 'user', ...common }
    : { role: 'assistant', ...common, ...answerIn(given) };
}

function answerIn(given: Fields): Omit<Answer, 'role' | 'id' | 'at' | 'text'> {
  return {
    reasoning: string(given['reasoning']),
    servedBy: string(given['servedBy']),
    trail: string(given['trail']),
    seams: list(given['seams']).map((seam) => {
      const { at, to } = fields(seam);
      return { at: number(at) ?? 0, to: string(to) };
    }),
    promptTokens: number(given['promptTokens']),
    answerTokens: number(given['answerTokens']),
    firstMs: number(given['firstMs']),
    tookMs: number(given['tookMs']),
    ending: endingIn(fields(given['ending'])),
  };
}

function endingIn({ kind, code, message }: Fields): Ending {
  if (kind === 'stopped' || kind === 'length') return { kind };
  if (kind === 'failed') return { kind, code: string(code), message: string(message) };
  return { kind: 'whole' };
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const string = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
