import { lastOf, type Schema } from './description.ts';
import { Words } from './words.tsx';

type Known = Readonly<Record<string, Schema>>;

type Props = {
  readonly schema: Schema;
  /** Schemas that references may lead to. */
  readonly known: Known;
};

/** The fields of a schema, each with its own below it, unfolded on demand. */
export function SchemaView({ schema, known }: Props) {
  const { properties = {}, required = [] } = fieldsOf(schema, known);
  return (
    <dl class="schema">
      {Object.entries(properties).map(([name, field]) => (
        <div key={name}>
          <dt>
            <code>{name}</code> <span class="muted">{wordOf(field, known)}</span>
            {required.includes(name) && <span class="chip">required</span>}
          </dt>
          <dd>
            {field.description && (
              <p>
                <Words text={field.description} />
              </p>
            )}
            <Inner field={field} known={known} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Inner({ field, known }: { readonly field: Schema; readonly known: Known }) {
  const inner = fieldsOf(field, known);
  if (Object.keys(inner.properties ?? {}).length === 0) return null;
  return (
    <details>
      <summary>Its fields</summary>
      <SchemaView schema={inner} known={known} />
    </details>
  );
}

/** The schema that has fields, behind references, lists, tables and "or null". */
function fieldsOf(schema: Schema, known: Known): Schema {
  if (schema.$ref) return fieldsOf(known[lastOf(schema.$ref)] ?? {}, known);
  if (schema.items) return fieldsOf(schema.items, known);
  if (schema.properties) return schema;
  const inner = schema.anyOf?.map((each) => fieldsOf(each, known)).find(hasFields);
  if (inner) return inner;
  const { additionalProperties: any } = schema;
  return typeof any === 'object' && Object.keys(any).length > 0 ? fieldsOf(any, known) : schema;
}

function hasFields({ properties }: Schema): boolean {
  return properties !== undefined;
}

/** A schema's type in a few words. */
function wordOf(schema: Schema, known: Known): string {
  const { $ref, type, items, anyOf, const: only, enum: choice } = schema;
  if ($ref) return wordOf(known[lastOf($ref)] ?? {}, known);
  if (only !== undefined) return JSON.stringify(only);
  if (choice) return choice.map((each) => JSON.stringify(each)).join(' or ');
  if (items) return `list of ${wordOf(items, known)}`;
  if (anyOf) return [...new Set(anyOf.map((each) => wordOf(each, known)))].join(' or ');
  return type ?? 'anything';
}
