import type { ChatHistoryItem, ChatModelResponse } from 'node-llama-cpp';
import type { PastCall, Turn } from '../protocol.ts';

/** Past calls as text, for templates that know none. */
export function callsAsText(turns: readonly Turn[]): Turn[] {
  return turns.flatMap(({ role, text, calls = [] }): Turn[] => {
    if (calls.length === 0) return [{ role, text }];
    const asked = calls.map((call) => `[Called the tool ${call.name} with ${call.arguments}]`);
    const answered = calls.flatMap(({ name, result }) =>
      result === undefined ? [] : [`Result of the tool ${name}: ${result}`],
    );
    const spoken: Turn = { role, text: [text, ...asked].filter(Boolean).join('\n') };
    return answered.length === 0 ? [spoken] : [spoken, { role: 'user', text: answered.join('\n') }];
  });
}

/**
 * The dialogue as the library's templates take it. Where the answer begins anew, it ends with an
 * empty turn of the model.
 */
export function historyOf(turns: readonly Turn[], continues: boolean): ChatHistoryItem[] {
  const items: ChatHistoryItem[] = [];
  for (const { role, text, calls = [] } of turns) {
    if (role !== 'assistant') items.push({ type: role, text });
    else respond(items, [text, ...calls.map(asCall)]);
  }
  if (!continues) respond(items, ['']);
  return items;
}

/** What a model says after a tool answered belongs to the same turn of it. */
function respond(items: ChatHistoryItem[], said: ChatModelResponse['response']): void {
  const last = items.at(-1);
  if (last?.type === 'model' && typeof last.response.at(-1) !== 'string') {
    items[items.length - 1] = { type: 'model', response: [...last.response, ...said] };
  } else {
    items.push({ type: 'model', response: said });
  }
}

function asCall({
  name,
  arguments: args,
  result,
}: PastCall): ChatModelResponse['response'][number] {
  return { type: 'functionCall', name, params: parsed(args), result };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
