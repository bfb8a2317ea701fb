/** Looks at the parts of a form as its bytes pass, for the one that names the model. */
export type FormScanner = {
  /** Takes the next bytes, however they are cut. */
  write(bytes: Uint8Array): void;
  /** The value of the field `model`, once it has passed. */
  model(): string | undefined;
  /** Whether there is nothing more to look for. */
  isOver(): boolean;
};

type State = 'boundary' | 'line' | 'headers' | 'model' | 'over';

/** Longer heads of a part, or names of a model, are not looked at. */
const MAX_HEAD_BYTES = 8 * 1024;
const MAX_MODEL_BYTES = 300;

const LINE_END = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * For one form (RFC 7578). Holds a part's head or the model's name at most, and of anything else no
 * more than a boundary might take.
 */
export function formScanner(boundary: string): FormScanner {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first boundary has no line before it.
  let held: Buffer = LINE_END;
  let state: State = 'boundary';
  let model: string | undefined;

  /** True while there may be more in what is held. */
  function step(): boolean {
    switch (state) {
      case 'boundary':
        return passTo(delimiter, 'line');
      case 'line':
        return endLine();
      case 'headers':
        return readHead();
      case 'model':
        return readModel();
      default:
        held = Buffer.alloc(0);
        return false;
    }
  }

  function passTo(mark: Buffer, next: State): boolean {
    const at = held.indexOf(mark);
    if (at < 0) {
      held = held.subarray(Math.max(0, held.length - mark.length + 1));
      return false;
    }
    held = held.subarray(at + mark.length);
    state = next;
    return true;
  }

  /** A boundary has its line to itself; a line that only begins like one is a part's own. */
  function endLine(): boolean {
    const rest = held.subarray(0, MAX_HEAD_BYTES).toString('latin1');
    const ended = /^(--)?[ \t]*\r\n/.exec(rest);
    const isOpen = !ended && /^(-|--[ \t]*|[ \t]*)\r?$/.test(rest);
    if (isOpen && rest.length < MAX_HEAD_BYTES) return false;
    if (ended?.[1]) return giveUp();
    state = ended ? 'headers' : 'boundary';
    return true;
  }

  function readHead(): boolean {
    const end = held.indexOf(HEAD_END);
    if (end < 0) return held.length > MAX_HEAD_BYTES ? giveUp() : false;
    const head = held.subarray(0, end).toString('utf8');
    // The line end stays: an empty part's boundary follows at once.
    held = held.subarray(end + LINE_END.length);
    const isFile = /;\s*filename\*?=/i.test(head);
    state = !isFile && /;\s*name="?model"?\s*(;|\r|$)/i.test(head) ? 'model' : 'boundary';
    return true;
  }

  function readModel(): boolean {
    const end = held.indexOf(delimiter, LINE_END.length - 1);
    const value = held.subarray(LINE_END.length, end < 0 ? held.length : end);
    if (end < 0 && value.length <= MAX_MODEL_BYTES) return false;
    if (end >= 0 && value.length > 0 && value.length <= MAX_MODEL_BYTES) {
      model = value.toString('utf8').trim();
      return giveUp();
    }
    state = 'boundary';
    return true;
  }

  function giveUp(): false {
    state = 'over';
    held = Buffer.alloc(0);
    return false;
  }

  return {
    write: (bytes) => {
      if (state === 'over') return;
      held = Buffer.concat([held, bytes]);
      while (step());
    },
    model: () => model,
    isOver: () => state === 'over',
  };
}
