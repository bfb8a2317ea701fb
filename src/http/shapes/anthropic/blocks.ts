import type { ChatMessage, ContentPart } from '../../../core/chat.ts';
import { invalid, notSupported } from '../../parse-body.ts';
import type { Block, Message } from './schema.ts';

/**
 * A turn as the chat messages that say the same: results of tools are messages of their own, before
 * what the user says beside them.
 *
 * @throws ApiError that names a block which a chat has no room for.
 */
export function chatMessages({ role, content }: Message, path: string): ChatMessage[] {
  if (typeof content === 'string') return [{ role, content }];
  const at = (index: number) => `${path}.content.${index}`;
  if (role === 'assistant') return [assistantMessage(content, at)];
  if (content.length === 0) throw invalid(`${path}.content must not be empty.`, `${path}.content`);
  const results: ChatMessage[] = [];
  const parts: ContentPart[] = [];
  for (const [index, block] of content.entries()) {
    if (block.type !== 'tool_result') {
      parts.push(partOf(block, at(index)));
      continue;
    }
    const { message, images } = resultOf(block, at(index));
    results.push(message);
    parts.push(...images);
  }
  return parts.length > 0 ? [...results, { role, content: joined(parts) }] : results;
}

function assistantMessage(blocks: readonly Block[], at: (index: number) => string): ChatMessage {
  const texts: string[] = [];
  const calls: object[] = [];
  for (const [index, block] of blocks.entries()) {
    if (block.type === 'thinking' || block.type === 'redacted_thinking') continue;
    if (block.type === 'text') texts.push(textAt(block, 'text', at(index)));
    else if (block.type === 'tool_use') calls.push(callOf(block, at(index)));
    else throw unknownBlock(block, at(index));
  }
  if (calls.length === 0) return { role: 'assistant', content: texts.join('') };
  return { role: 'assistant', content: texts.join('') || null, tool_calls: calls };
}

function callOf(block: Block, path: string): object {
  const called = {
    name: textAt(block, 'name', path),
    arguments: JSON.stringify(block['input'] ?? {}),
  };
  return { id: textAt(block, 'id', path), type: 'function', function: called };
}

/**
 * A tool's result is text in a chat: a failure is told in words, and images follow as the user's
 * own.
 */
function resultOf(block: Block, path: string) {
  const { content, is_error: isError } = block;
  const tool_call_id = textAt(block, 'tool_use_id', path);
  const parts = resultParts(content, path);
  const images = parts.filter(({ type }) => type === 'image_url');
  const text = parts.map(({ text = '(an image, shown below)' }) => text).join('\n');
  const said = isError === true ? `Error: ${text}` : text;
  const message: ChatMessage = { role: 'tool', tool_call_id, content: said };
  return { message, images };
}

function resultParts(content: unknown, path: string): ContentPart[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw invalid(`${path}.content must be a string or a list.`, path);
  return content.map((part: unknown, index) => {
    const where = `${path}.content.${index}`;
    if (!isBlock(part)) throw invalid(`${where} must be an object with a type.`, where);
    return partOf(part, where);
  });
}

function partOf(block: Block, path: string): ContentPart {
  if (block.type === 'text') return { type: 'text', text: textAt(block, 'text', path) };
  if (block.type === 'image') {
    return { type: 'image_url', image_url: { url: imageUrl(block['source'], path) } };
  }
  if (block.type === 'document') return { type: 'text', text: documentText(block, path) };
  throw unknownBlock(block, path);
}

function imageUrl(source: unknown, path: string): string {
  if (!isBlock(source)) throw invalid(`${path}.source is missing.`, `${path}.source`);
  if (source.type === 'url') return textAt(source, 'url', `${path}.source`);
  if (source.type === 'base64') {
    const type = textAt(source, 'media_type', `${path}.source`);
    return `data:${type};base64,${textAt(source, 'data', `${path}.source`)}`;
  }
  throw notSupported(`An image's source is base64 or url, not ${source.type}.`, `${path}.source`);
}

/** A document's text under its title, and what is said of it. */
function documentText({ source, title, context }: Block, path: string): string {
  if (!isBlock(source) || source.type !== 'text') {
    throw notSupported('Only documents of plain text can be taken here.', `${path}.source`);
  }
  const heads = [title, context].filter((text) => typeof text === 'string' && text !== '');
  return [...heads, textAt(source, 'data', `${path}.source`)].join('\n');
}

function joined(parts: readonly ContentPart[]): string | readonly ContentPart[] {
  const texts = parts.map(({ text }) => text);
  return texts.every((text) => text !== undefined) ? texts.join('\n') : parts;
}

/** The text of a system prompt, which may be a list of blocks. */
export function systemText(system: string | readonly Block[]): string {
  if (typeof system === 'string') return system;
  return system.map((block, index) => textAt(block, 'text', `system.${index}`)).join('\n');
}

function unknownBlock({ type }: Block, path: string) {
  return notSupported(`A block of type ${type} can't be taken here.`, `${path}.type`);
}

function textAt(record: Readonly<Record<string, unknown>>, field: string, path: string): string {
  const value = record[field];
  if (typeof value === 'string') return value;
  throw invalid(`${path}.${field} must be a string.`, `${path}.${field}`);
}

function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && 'type' in value;
}
