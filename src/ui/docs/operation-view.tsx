import { useSignal } from '@preact/signals';
import { type Description, lastOf, type Operation } from './description.ts';
import { SchemaView } from './schema-view.tsx';
import { TryIt } from './try-it.tsx';
import { Words } from './words.tsx';

type Props = { readonly operation: Operation; readonly description: Description };

/** One route: folded until somebody wants it. */
export function OperationView({ operation, description }: Props) {
  const { id, method, path, summary } = operation;
  const isOpen = useSignal(location.hash === `#${id}`);
  return (
    <details
      id={id}
      class="card operation"
      open={isOpen.value}
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open;
      }}
    >
      <summary>
        <h3>
          <span class={`method ${method.toLowerCase()}`}>{method}</span> <code>{path}</code>
        </h3>
        <span class="muted">{summary}</span>
      </summary>
      {isOpen.value && <Unfolded operation={operation} description={description} />}
    </details>
  );
}

const ASKS = {
  key: 'Needs the key of the week.',
  admin: 'Needs the admin secret.',
  metrics: 'Needs the metrics token, where the server has one.',
} as const;

function Unfolded({ operation, description }: Props) {
  const { about, others, secret, body, answers } = operation;
  const { schemas } = description.components;
  return (
    <div class="unfolded">
      <p>
        <Words text={about} /> {secret ? ASKS[secret] : 'Open to everybody.'}
        {others.length > 0 && (
          <>
            {' '}
            Also: <Words text={others.map((other) => `\`${other}\``).join(', ')} />
          </>
        )}
      </p>
      <TryIt operation={operation} />
      {body && (
        <details>
          <summary>Fields of the body</summary>
          <SchemaView schema={body.schema} known={schemas} />
        </details>
      )}
      <details>
        <summary>Answers</summary>
        <dl class="answers">
          {answers.map(([status, answer]) => (
            <div key={status}>
              <dt>
                <span class={`chip ${status < '400' ? 'good' : 'bad'}`}>{status}</span>
              </dt>
              <dd>
                <p>
                  <Words text={answer.description} />
                </p>
                {Object.entries(answer.content ?? {}).map(([type, media]) => {
                  const schema = media['x-event-data'] ?? media.schema;
                  return (
                    <details key={type}>
                      <summary>
                        <code>{type}</code> {schema?.$ref ? lastOf(schema.$ref) : ''}
                      </summary>
                      {schema && <SchemaView schema={schema} known={schemas} />}
                    </details>
                  );
                })}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}
