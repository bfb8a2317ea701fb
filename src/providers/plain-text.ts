import type { ChatParams } from '../core/chat.ts';

/** True for a request without tools, JSON output or images. */
export function isPlainText(params: ChatParams): boolean {
  const hasImage = params.messages.some(
    ({ content }) => Array.isArray(content) && content.some(({ type }) => type !== 'text'),
  );
  return !hasImage && !offersTools(params) && !wantsJson(params);
}

/** Whether the answer may call a tool, also in OpenAI's older form. */
export function offersTools(params: ChatParams): boolean {
  return [params['tools'], params['functions']].some(
    (offered) => Array.isArray(offered) && offered.length > 0,
  );
}

/** Whether the answer is to be JSON. */
export function wantsJson(params: ChatParams): boolean {
  const format = params['response_format'] as { readonly type?: unknown } | null | undefined;
  return (format?.type ?? 'text') !== 'text';
}
