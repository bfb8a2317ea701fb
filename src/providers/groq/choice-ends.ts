import { type ChatEvent, type ChunkChoice, eventOf } from '../../core/chat.ts';

/**
 * How far an answer is: a choice that was begun lacks its finish reason; none does; and they are as many
 * as were asked for. Some providers begin one choice when the one before it is finished.
 */
type Progress = 'open' | 'answered' | 'whole';

const NONE: readonly number[] = [];

/** The ends of a streamed answer's choices. A class for the sake of its size: every stream has one. */
export class ChoiceEnds {
  private askedFor: number;
  private begun = NONE;
  private finished = NONE;

  /** @param askedFor how many choices the answer is to have */
  constructor(askedFor: number) {
    this.askedFor = askedFor;
  }

  get progress(): Progress {
    const { begun, finished, askedFor } = this;
    if (finished.length === 0 || begun.length > finished.length) return 'open';
    return finished.length < askedFor ? 'answered' : 'whole';
  }

  /** No more choices come: those that weren't begun stay away. */
  close(): void {
    this.askedFor = this.begun.length;
  }

  /** Notes an event. Takes out what it says a second time: each choice ends once, for its first reason. */
  note(event: ChatEvent): ChatEvent {
    const { chunk } = event;
    const before = this.finished;
    let endsAgain = false;
    for (const { index = 0, finish_reason } of chunk.choices) {
      if (!this.begun.includes(index)) this.begun = [...this.begun, index];
      if (!finish_reason) continue;
      if (this.finished.includes(index)) endsAgain = true;
      else this.finished = [...this.finished, index];
    }
    return endsAgain ? eventOf({ ...chunk, choices: endedOnce(chunk.choices, before) }) : event;
  }
}

function endedOnce(choices: readonly ChunkChoice[], before: readonly number[]): ChunkChoice[] {
  const finished = new Set(before);
  return choices.map((choice) => {
    const { index = 0, finish_reason } = choice;
    if (!finish_reason) return choice;
    const isAgain = finished.has(index);
    finished.add(index);
    return isAgain ? { ...choice, finish_reason: null } : choice;
  });
}
