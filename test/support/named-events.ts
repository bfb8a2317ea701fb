import type { Answer } from './answer.ts';

/** An event of a stream whose events have names: its name, and what its data says. */
export type NamedEvent = { readonly name: string; readonly data: Record<string, unknown> };

/** The events of a stream in order; every one must have a name and say the same in its data. */
export function namedEvents({ text }: Pick<Answer, 'text'>): NamedEvent[] {
  const blocks = text.split('\n\n').filter((block) => block !== '' && !block.startsWith(':'));
  return blocks.map((block) => {
    const parts = /^event: (\S+)\ndata: (.*)$/.exec(block);
    if (!parts) throw new Error(`no named event: ${block}`);
    const [, name = '', data = ''] = parts;
    const said = JSON.parse(data);
    if (said.type !== name) throw new Error(`the event ${name} says that it is ${said.type}`);
    return { name, data: said };
  });
}

/** The names in order, repetitions in a row written once. */
export function namesOf(events: readonly NamedEvent[]): string[] {
  return events.map(({ name }) => name).filter((name, index, all) => name !== all[index - 1]);
}
