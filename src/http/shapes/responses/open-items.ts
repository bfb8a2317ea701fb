import type { CallDelta } from '../completion.ts';
import type { EventWriter } from './events.ts';
import { callItem, messageItem, newId, type OutputItem, textPart } from './response.ts';

type Open =
  | { readonly kind: 'message'; readonly id: string; text: string }
  | {
      readonly kind: 'call';
      readonly id: string;
      readonly callId: string;
      readonly name: string;
      /** The chat's own number of the call. */
      readonly number: number;
      text: string;
    };

/** The items of a response that is being written: one is open at a time. */
export type OpenItems = {
  text(delta: string): Iterable<string>;
  call(piece: CallDelta): Iterable<string>;
  /** Closes what is open; an answer without anything is an empty message. */
  end(status: string): Iterable<string>;
  /** The closed items. */
  output(): readonly OutputItem[];
};

/** Announces, fills and closes items with the events that belong to them. */
export function openItems(write: EventWriter): OpenItems {
  const output: OutputItem[] = [];
  let open: Open | undefined;

  const place = (item: Open) => ({ item_id: item.id, output_index: output.length });

  function* begin(item: Open): Generator<string, void, void> {
    open = item;
    const output_index = output.length;
    if (item.kind === 'call') {
      yield write('response.output_item.added', {
        output_index,
        item: callItem(item, 'in_progress'),
      });
      return;
    }
    const message = messageItem(item.id, 'in_progress', []);
    yield write('response.output_item.added', { output_index, item: message });
    const part = textPart('');
    yield write('response.content_part.added', { ...place(item), content_index: 0, part });
  }

  function* close(status: string): Generator<string, void, void> {
    if (!open) return;
    const item = open;
    open = undefined;
    if (item.kind === 'call') yield* closeCall(item);
    else yield* closeMessage(item, status);
  }

  function* closeMessage(item: Open, status: string): Generator<string, void, void> {
    const where = { ...place(item), content_index: 0 };
    yield write('response.output_text.done', { ...where, text: item.text, logprobs: [] });
    yield write('response.content_part.done', { ...where, part: textPart(item.text) });
    yield* done(messageItem(item.id, status, [item.text]));
  }

  function* closeCall(item: Open & { kind: 'call' }): Generator<string, void, void> {
    yield write('response.function_call_arguments.done', {
      ...place(item),
      name: item.name,
      arguments: item.text,
    });
    yield* done(callItem(item, 'completed'));
  }

  function* done(item: OutputItem): Generator<string, void, void> {
    yield write('response.output_item.done', { output_index: output.length, item });
    output.push(item);
  }

  return {
    *text(delta) {
      if (open?.kind !== 'message') {
        yield* close('completed');
        yield* begin({ kind: 'message', id: newId('msg'), text: '' });
      }
      if (!open) return;
      open.text += delta;
      const where = { ...place(open), content_index: 0 };
      yield write('response.output_text.delta', { ...where, delta, logprobs: [] });
    },
    *call({ index, id, name, arguments: text }) {
      if (open?.kind !== 'call' || open.number !== index) {
        yield* close('completed');
        const callId = id ?? newId('call');
        const call = { kind: 'call', id: newId('fc'), callId, name: name ?? '' } as const;
        yield* begin({ ...call, number: index, text: '' });
      }
      if (!open || text === '') return;
      open.text += text;
      yield write('response.function_call_arguments.delta', { ...place(open), delta: text });
    },
    *end(status) {
      if (!open && output.length === 0) {
        yield* begin({ kind: 'message', id: newId('msg'), text: '' });
      }
      yield* close(status);
    },
    output: () => output,
  };
}
