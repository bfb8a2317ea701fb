import type { Format, Property, ReadSchema, Shape } from './shape.ts';

/** Rules that every JSON grammar uses. One space at most, so that a model can't dawdle for ever. */
const COMMON = `
space ::= " "?
hex ::= [0-9a-fA-F]
char ::= [^"\\\\\\x7F\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" hex hex hex hex)
text ::= "\\"" char* "\\""
digits ::= [0-9]{1,15}
whole ::= "0" | [1-9] [0-9]{0,14}
positive ::= [1-9] [0-9]{0,14}
integer ::= "-"? whole
number ::= "-"? whole ("." digits)? ([eE] [-+]? [0-9]{1,2})?
boolean ::= "true" | "false"
member ::= text ":" space value
map ::= "{" (member ("," space member)*)? "}"
list ::= "[" (value ("," space value)*)? "]"
value ::= map | list | text | number | boolean | "null"
year ::= [0-9]{4}
month ::= "0" [1-9] | "1" [0-2]
day ::= "0" [1-9] | "1" [0-9] | "2" [0-8]
date ::= year "-" month "-" day
time ::= ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] "Z"
uuid ::= hex{8} "-" hex{4} "-" hex{4} "-" hex{4} "-" hex{12}
`.trim();

const FORMAT_RULES: Readonly<Record<Format, string>> = {
  date: 'date',
  time: 'time',
  'date-time': 'date "T" time',
  uuid: 'uuid',
};

/** A grammar in the making. */
export type GrammarWriter = {
  /** Writes the rules of a schema and returns the expression that stands for it. */
  expression(schema: ReadSchema): string;
  /** The whole grammar with that root. */
  finish(root: string): string;
};

/** The grammar of any JSON object, as `response_format: json_object` promises. */
export function objectGrammar(): string {
  return grammarWriter().finish('map');
}

/** The grammar of one schema. */
export function schemaGrammar(schema: ReadSchema): string {
  const writer = grammarWriter();
  return writer.finish(writer.expression(schema));
}

/** Writes GBNF, llama.cpp's grammar language. */
export function grammarWriter(): GrammarWriter {
  const rules: string[] = [];

  function rule(body: string): string {
    const name = `rule-${rules.length}`;
    rules.push(`${name} ::= ${body}`);
    return name;
  }

  function expression({ root, definitions }: ReadSchema): string {
    const names = new Map<string, string>();
    for (const name of definitions.keys()) names.set(name, rule(''));
    const write = (shape: Shape): string => shapeExpression(shape, { rule, names, write });
    for (const [name, shape] of definitions) {
      const own = names.get(name) ?? '';
      const body = write(shape);
      rules[Number(own.slice('rule-'.length))] = `${own} ::= ${body}`;
    }
    return names.get('') ?? write(root);
  }

  return {
    expression,
    finish: (root) => [`root ::= ${root}`, ...rules, COMMON].join('\n'),
  };
}

type Tools = {
  readonly rule: (body: string) => string;
  readonly names: ReadonlyMap<string, string>;
  readonly write: (shape: Shape) => string;
};

function shapeExpression(shape: Shape, tools: Tools): string {
  switch (shape.kind) {
    case 'any':
      return 'value';
    case 'null':
      return '"null"';
    case 'boolean':
    case 'number':
      return shape.kind;
    case 'integer':
      return { none: 'integer', 0: 'whole', 1: 'positive' }[shape.least ?? 'none'];
    case 'string':
      return stringExpression(shape);
    case 'values':
      return tools.rule(shape.values.map((value) => literal(JSON.stringify(value))).join(' | '));
    case 'array':
      return arrayExpression(shape, tools);
    case 'object':
      return objectExpression(shape.properties, tools);
    case 'map':
      return mapExpression(tools.write(shape.values), tools);
    case 'union':
      return tools.rule(shape.of.map(tools.write).join(' | '));
    case 'reference':
      return tools.names.get(shape.name) ?? 'value';
  }
}

function stringExpression({
  format,
  minLength = 0,
  maxLength,
}: Extract<Shape, { kind: 'string' }>): string {
  if (format) return `"\\"" ${FORMAT_RULES[format]} "\\""`;
  if (minLength === 0 && maxLength === undefined) return 'text';
  return `"\\"" char{${minLength},${maxLength ?? ''}} "\\""`;
}

function arrayExpression(
  { items, minItems, maxItems }: Extract<Shape, { kind: 'array' }>,
  tools: Tools,
): string {
  if (maxItems === 0) return '"[]"';
  const item = tools.write(items);
  const more = `{${Math.max(0, minItems - 1)},${maxItems === undefined ? '' : maxItems - 1}}`;
  const some = maxItems === 1 ? item : `${item} ("," space ${item})${more}`;
  return tools.rule(minItems > 0 ? `"[" ${some} "]"` : `"[" (${some})? "]"`);
}

function mapExpression(value: string, { rule }: Tools): string {
  if (value === 'value') return 'map';
  const member = rule(`text ":" space ${value}`);
  return rule(`"{" (${member} ("," space ${member})*)? "}"`);
}

/**
 * Properties in the order of the schema; the optional ones may be left out. Two chains of rules:
 * `first` while nothing was written yet, `rest` with a comma before each.
 */
function objectExpression(properties: readonly Property[], { rule, write }: Tools): string {
  let first = '""';
  let rest = '""';
  for (const { name, shape, required } of [...properties].reverse()) {
    const member = rule(`${literal(JSON.stringify(name))} ":" space ${write(shape)}`);
    const [before, after] = [first, rest];
    first = rule(required ? `${member} ${after}` : `${member} ${after} | ${before}`);
    rest = rule(required ? `"," space ${member} ${after}` : `("," space ${member})? ${after}`);
  }
  return rule(`"{" ${first} "}"`);
}

/** A text as a GBNF literal. */
export function literal(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}
