import { useEffect, useState } from 'preact/hooks';
import { duration } from '../shared/format.ts';
import type { Heard } from './send.ts';

/** An answer: its status, its headers, and what it says. */
export function HeardView({ heard }: { readonly heard: Heard }) {
  const { status, headers, text, isOver, ms, file } = heard;
  const mood = status < 400 ? 'good' : 'bad';
  return (
    <section class="heard" aria-label="Answer">
      <p role="status">
        <span class={`chip ${mood}`}>{status}</span>{' '}
        <span class="muted">
          {isOver ? 'after' : 'for'} {duration(ms)}
        </span>
      </p>
      <details>
        <summary>Headers</summary>
        <pre class="code">{headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>
      </details>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section tabIndex={0} aria-label="Body" class="answer">
        <pre class="code">{text}</pre>
      </section>
      {file && <Download file={file} />}
    </section>
  );
}

function Download({ file }: { readonly file: Blob }) {
  const [address, setAddress] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return (
    <a class="button" href={address} download="answer">
      Save the file
    </a>
  );
}
