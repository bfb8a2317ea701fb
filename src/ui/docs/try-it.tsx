import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Operation } from './description.ts';
import { HeardView } from './heard-view.tsx';
import { ParameterField } from './parameter-field.tsx';
import { secrets } from './secrets.tsx';
import { curlOf, type Filled, type Heard, send } from './send.ts';

/** A form that asks the server, and its answer. */
export function TryIt({ operation }: { readonly operation: Operation }) {
  const { parameters, body, secret } = operation;
  const id = useId();
  const filled = useSignal<Filled>({
    values: Object.fromEntries(parameters.map(({ name, example = '' }) => [name, example])),
    body: body ? JSON.stringify(body.example, null, 2) : '',
    file: undefined,
  });
  const heard = useSignal<Heard | undefined>(undefined);
  const failure = useSignal('');
  const isBusy = useSignal(false);
  const asking = useRef<AbortController>(null);
  useEffect(() => () => asking.current?.abort(), []);

  const change = (part: Partial<Filled>) => {
    filled.value = { ...filled.value, ...part };
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    const controller = new AbortController();
    asking.current = controller;
    heard.value = undefined;
    failure.value = '';
    isBusy.value = true;
    const mine = secret ? secrets[secret].value : '';
    const tell = (news: Heard) => {
      heard.value = news;
    };
    await send(operation, filled.value, mine, controller.signal, tell).catch((error: unknown) => {
      failure.value = controller.signal.aborted ? 'Stopped.' : String(error);
    });
    isBusy.value = false;
  };

  return (
    <form class="try-it" onSubmit={(event) => void submit(event)}>
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={filled.value.values[parameter.name] ?? ''}
          onChange={(value) =>
            change({ values: { ...filled.value.values, [parameter.name]: value } })
          }
        />
      ))}
      {body && (
        <div class="field">
          <label class="label" for={`${id}body`}>
            {body.type === 'application/json' ? 'Body' : 'Fields beside the file, as JSON'}
          </label>
          <textarea
            id={`${id}body`}
            class="input code"
            spellcheck={false}
            rows={filled.value.body.split('\n').length + 1}
            value={filled.value.body}
            onInput={(event) => change({ body: event.currentTarget.value })}
          />
        </div>
      )}
      {body && body.type !== 'application/json' && (
        <div class="field">
          <label class="label" for={`${id}file`}>
            File
          </label>
          <input
            id={`${id}file`}
            type="file"
            onChange={(event) => change({ file: event.currentTarget.files?.[0] })}
          />
        </div>
      )}
      <p class="actions">
        <button type="submit" class="button primary" disabled={isBusy.value}>
          Send
        </button>
        {isBusy.value && (
          <button type="button" class="button" onClick={() => asking.current?.abort()}>
            Stop
          </button>
        )}
      </p>
      <details>
        <summary>On a command line</summary>
        <pre class="code">{curlOf(operation, filled.value)}</pre>
      </details>
      <div role="status">{failure.value && <p class="note bad">{failure.value}</p>}</div>
      {heard.value && <HeardView heard={heard.value} />}
    </form>
  );
}
