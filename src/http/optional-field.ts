import { z } from 'zod';

/** A field that may be left out, or be null, which says the same. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema
    .nullable()
    .transform((value) => value ?? undefined)
    .optional();
}

const name = z.string().min(1).max(200);

/** Who is asked, on every route of a model. */
export const askedModels = {
  model: optional(name),
  models: optional(z.array(name).min(1).max(10)),
};
