import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { call, messageOf } from '../shared/call.ts';
import { mount } from '../shared/mount.ts';
import { PageFrame } from '../shared/page-frame.tsx';
import { type Description, type Operation, operationsOf } from './description.ts';
import { OperationView } from './operation-view.tsx';
import { Secrets } from './secrets.tsx';
import { Words } from './words.tsx';

function DocsPage() {
  const description = useSignal<Description | undefined>(undefined);
  const failure = useSignal('');
  useEffect(() => {
    call('/openapi.json', { headers: {} })
      .then(async (answer) => {
        description.value = await answer.json();
        // What the address names is there only now.
        requestAnimationFrame(() =>
          document.getElementById(location.hash.slice(1))?.scrollIntoView(),
        );
      })
      .catch((error: unknown) => {
        failure.value = messageOf(error);
      });
  }, []);
  return (
    <PageFrame here="/docs" still="What is shown stays as it is.">
      <h1>API</h1>
      {failure.value && (
        <p class="note bad" role="alert">
          {failure.value}
        </p>
      )}
      {description.value && <Described description={description.value} />}
      {!description.value && !failure.value && <p>Reading…</p>}
    </PageFrame>
  );
}

function Described({ description }: { readonly description: Description }) {
  const wanted = useSignal('');
  const id = useId();
  const operations = operationsOf(description);
  const fits = ({ method, path, summary, others }: Operation) =>
    [method, path, summary, ...others].join(' ').toLowerCase().includes(wanted.value.toLowerCase());
  const found = operations.filter(fits);
  return (
    <>
      <p>
        <Words text={description.info.description} /> Version {description.info.version}; the same
        for programs: <a href="/openapi.json">openapi.json</a>.
      </p>
      <Secrets />
      <div class="field">
        <label class="label" for={id}>
          Find a route
        </label>
        <input
          id={id}
          class="input"
          type="search"
          placeholder="chat, usage, key …"
          value={wanted.value}
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
          }}
        />
        <p class="hint" role="status">
          {found.length} of {operations.length}
        </p>
      </div>
      {description.tags.map(({ name, description: about }) => {
        const mine = found.filter(({ tag }) => tag === name);
        if (mine.length === 0) return null;
        return (
          <section key={name} class="group" aria-labelledby={`${id}${name}`}>
            <h2 id={`${id}${name}`}>{about}</h2>
            {mine.map((operation) => (
              <OperationView key={operation.id} operation={operation} description={description} />
            ))}
          </section>
        );
      })}
    </>
  );
}

mount(<DocsPage />);
