import { arrayAt, isObject, type JsonObject, stringAt } from './json.ts';

const maxDepth = 8;

/** A value that satisfies a JSON schema as far as a test needs it. */
export function plausibleValue(schema: unknown, name = 'value', depth = 0): unknown {
  if (!isObject(schema) || depth > maxDepth) return `${name} Zürich 🚀`;
  const [choice] = arrayAt(schema, 'enum');
  if (choice !== undefined) return choice;
  if ('const' in schema) return schema.const;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object' || isObject(schema.properties)) return plausibleObject(schema, depth);
  if (type === 'array') return [plausibleValue(schema.items, name, depth + 1)];
  if (type === 'integer' || type === 'number') return 42;
  if (type === 'boolean') return true;
  return type === 'null' ? null : `${name} Zürich 🚀`;
}

function plausibleObject(schema: JsonObject, depth: number): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const members = Object.entries(properties).map(
    ([name, member]) => [name, plausibleValue(member, name, depth + 1)] as const,
  );
  return Object.fromEntries(members);
}

/** The tool that this request calls, or undefined where it is to be answered in words. */
export function chosenTool(body: JsonObject, prompt: string): JsonObject | undefined {
  const functions = arrayAt(body, 'tools')
    .filter(isObject)
    .map((tool) => tool.function)
    .filter(isObject);
  const choice = body.tool_choice;
  if (choice === 'none') return undefined;
  if (choice === 'required') return functions[0];
  if (isObject(choice) && isObject(choice.function)) {
    const { name } = choice.function;
    return functions.find((candidate) => candidate.name === name);
  }
  const last = arrayAt(body, 'messages').at(-1);
  if (!isObject(last) || last.role !== 'user') return undefined;
  return functions.find((candidate) => prompt.includes(stringAt(candidate, 'name') ?? '\0'));
}

/** The text in pieces of about `size` characters, never cutting a surrogate pair. */
export const inPieces = (text: string, size = 8): readonly string[] =>
  text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'gu')) ?? [];
