import type { Progress } from '../../providers/local/catalog/progress.ts';
import { timeSpan } from '../table.ts';

type Output = { readonly isTTY?: boolean; write(text: string): unknown };

/** Shows how far a download is. */
export type ProgressBar = {
  show(progress: Progress): void;
  /** Leaves the line of the bar; whatever is written next begins a line of its own. */
  end(): void;
};

const WIDTH = 30;
const STEP_PERCENT = 10;

/** A bar on a terminal that stays in one line; elsewhere a plain line for each tenth. */
export function progressBar(output: Output): ProgressBar {
  return output.isTTY ? bar(output) : lines(output);
}

function bar(output: Output): ProgressBar {
  let isOpen = false;
  return {
    show(progress) {
      isOpen = true;
      const filled = Math.round((percentOf(progress) / 100) * WIDTH);
      const blocks = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
      output.write(`\r${blocks} ${figures(progress)}\u001b[K`);
    },
    end() {
      if (isOpen) output.write('\n');
      isOpen = false;
    },
  };
}

function lines(output: Output): ProgressBar {
  let told = -1;
  return {
    show(progress) {
      const step = Math.floor(percentOf(progress) / STEP_PERCENT);
      if (step <= told) return;
      told = step;
      output.write(`${figures(progress)}\n`);
    },
    end: () => {},
  };
}

function percentOf({ doneBytes, totalBytes }: Progress): number {
  return totalBytes ? Math.floor((100 * doneBytes) / totalBytes) : 0;
}

/** `42 %  61 of 145 MB  3.4 MB/s  25 s left`; less of it where the server gave no size. */
function figures(progress: Progress): string {
  const { doneBytes, totalBytes, bytesPerSecond, leftMs } = progress;
  const speed = `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
  if (totalBytes === undefined) return `${size(doneBytes)} MB  ${speed}`;
  const isUnderWay = doneBytes < totalBytes && bytesPerSecond > 0;
  const left = isUnderWay && leftMs !== undefined ? `  ${timeSpan(leftMs / 1000)} left` : '';
  const share = `${percentOf(progress)} %  ${size(doneBytes)} of ${size(totalBytes)} MB`;
  return `${share}  ${speed}${left}`;
}

function size(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}
