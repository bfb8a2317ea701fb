/** One thing that was said. */
export type Said = { readonly role: 'user' | 'assistant'; readonly content: string };

/** A conversation: what was said so far, and how to ask on. */
export type Conversation = {
  model: string | undefined;
  system: string | undefined;
  /** Whether only the local model is asked. */
  isLocal: boolean;
  readonly said: readonly Said[];
  /** The request for a next question. */
  request(question: string): { readonly path: string; readonly body: object };
  /** Notes a question and its answer. */
  answered(question: string, answer: string): void;
  /** Takes the last question back, with its answer. */
  takeBack(): string | undefined;
  clear(): void;
};

type Options = Pick<Conversation, 'model' | 'system' | 'isLocal'>;

/** Begins a conversation. */
export function conversation(options: Options): Conversation {
  const said: Said[] = [];
  let last: string | undefined;
  return {
    ...options,
    said,
    request(question) {
      last = question;
      const messages = [
        ...(this.system ? [{ role: 'system', content: this.system }] : []),
        ...said,
        { role: 'user', content: question },
      ];
      return {
        path: this.isLocal ? '/local-chat' : '/chat',
        body: { messages, stream: true, ...(this.model ? { model: this.model } : {}) },
      };
    },
    answered: (question, answer) => {
      said.push({ role: 'user', content: question }, { role: 'assistant', content: answer });
    },
    takeBack: () => {
      if (said.at(-2)?.content === last) said.splice(-2);
      return last;
    },
    clear: () => {
      said.splice(0);
      last = undefined;
    },
  };
}
