import { useId } from 'preact/hooks';
import type { Parameter } from './description.ts';
import { Words } from './words.tsx';

type Props = {
  readonly parameter: Parameter;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

/** A header, or a part of the address. */
export function ParameterField({ parameter, value, onChange }: Props) {
  const { name, description, required = false, schema } = parameter;
  const id = useId();
  const shared = { id, class: 'input', required, value, 'aria-describedby': `${id}hint` };
  return (
    <div class="field">
      <label class="label" for={id}>
        <code>{name}</code> <span class="muted">{parameter.in}</span>
      </label>
      {schema.enum ? (
        <select {...shared} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">not sent</option>
          {schema.enum.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      ) : (
        <input
          {...shared}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <p id={`${id}hint`} class="hint">
        <Words text={description} />
      </p>
    </div>
  );
}
