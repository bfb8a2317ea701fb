import { z } from 'zod';
import { ANSWERS } from './answers.ts';
import { errorAnswers } from './error-answers.ts';
import { HEADERS, type HeaderName } from './headers.ts';
import {
  type Answer,
  type Operation,
  PARAMETERS,
  SECURITY,
  SECURITY_SCHEMES,
  TAGS,
} from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { headerRefs, schemaRef } from './references.ts';
import { REQUESTS } from './requests.ts';

/** What `ROTATION_WEBHOOK_URL` gets. */
const TURN_NOTICE = {
  operationId: 'turnNotice',
  tags: ['admin'],
  summary: 'The key has turned, or turns within a day',
  description:
    'Sent to `ROTATION_WEBHOOK_URL`, and again with growing pauses until it is answered with 2xx.',
  parameters: [
    signed('x-keyturn-timestamp', 'When it was signed, in seconds since 1970.'),
    signed(
      'x-keyturn-signature',
      '`sha256=` and the HMAC-SHA256, in hexadecimal digits, of the timestamp, a full stop and the body.',
    ),
  ],
  requestBody: requestBody({ schema: 'TurnNotice' }),
  responses: { '2XX': { description: 'Taken.' } },
};

function signed(name: string, description: string): object {
  return { name, in: 'header', required: true, description, schema: { type: 'string' } };
}

/**
 * The API's description, OpenAPI 3.1: made from the very schemas that judge requests and make reports.
 */
export function openapiDocument(version: string): object {
  return {
    openapi: '3.1.1',
    info: {
      title: 'keyturn',
      version,
      summary: 'One Groq account for a group, behind a key that turns every week.',
      description:
        'Every error has OpenAI’s shape. Chats fall back along a chain of models, and in the end on a local one: `x-served-by` says who answered.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: pathsOf(OPERATIONS),
    webhooks: { turnNotice: { post: TURN_NOTICE } },
    components: {
      schemas: { ...schemasOf(REQUESTS, 'input'), ...schemasOf(ANSWERS, 'output') },
      headers: HEADERS,
      parameters: PARAMETERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

function pathsOf(operations: readonly Operation[]): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    for (const [index, route] of operation.on.entries()) {
      const [method = '', path = ''] = route.split(' ');
      const described = describe(operation, index);
      paths[path] = { ...paths[path], [method.toLowerCase()]: described };
    }
  }
  return paths;
}

/** @param index which of its routes; each needs a name of its own. */
function describe(operation: Operation, index: number): object {
  const { on, name, tag, summary, about, access, parameters = [], body } = operation;
  const same = index === 0 ? [] : [`The same as \`${on[0]}\`.`];
  const description = [...(about ? [about] : []), ...same].join('\n\n');
  return {
    operationId: index === 0 ? name : `${name}${index + 1}`,
    tags: [tag],
    summary,
    ...(description ? { description } : {}),
    security: SECURITY[access],
    ...(index === 0 ? {} : { 'x-same-as': on[0] }),
    ...(parameters.length > 0
      ? { parameters: parameters.map((each) => ({ $ref: `#/components/parameters/${each}` })) }
      : {}),
    ...(body ? { requestBody: requestBody(body) } : {}),
    responses: {
      200: answer(operation.answer, operation),
      ...Object.fromEntries(
        Object.entries(operation.otherwise ?? {}).map(([status, each]) => [
          status,
          answer(each, operation),
        ]),
      ),
      ...errorAnswers(operation),
    },
  };
}

type Body = { readonly schema: string; readonly isForm?: true; readonly example?: object };

function requestBody({ schema, isForm, example }: Body): object {
  const type = isForm ? 'multipart/form-data' : 'application/json';
  const shown = example ? { example } : {};
  return { required: true, content: { [type]: { schema: schemaRef(schema), ...shown } } };
}

function answer({ says, schema, events, mediaType, headers = [] }: Answer, of: Operation): object {
  const all: readonly HeaderName[] = [
    'x-request-id',
    ...(of.access === 'client' ? (['x-key-expires'] as const) : []),
    ...headers,
  ];
  const content = {
    ...(schema ? { 'application/json': { schema: schemaRef(schema) } } : {}),
    ...(events ? { 'text/event-stream': eventStream(events) } : {}),
    ...(mediaType ? { [mediaType]: {} } : {}),
  };
  return {
    description: says,
    headers: headerRefs(all),
    ...(Object.keys(content).length > 0 ? { content } : {}),
  };
}

/** OpenAPI 3.1 has no word for the data of an event. */
function eventStream(events: string): object {
  return {
    schema: {
      type: 'string',
      description: `Server-sent events; the data of each is a \`${events}\`.`,
    },
    'x-event-data': schemaRef(events),
  };
}

/** JSON Schemas of named zod schemas, which refer to each other by name. */
function schemasOf(named: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output') {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => {
      // JavaScript's own bounds say nothing of the API.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
  );
}
