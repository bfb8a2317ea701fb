/**
 * What a JSON schema says, as far as a grammar can promise it. Everything else was refused when the
 * schema was read.
 */
export type Shape =
  | { readonly kind: 'any' }
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number' }
  | { readonly kind: 'integer'; readonly least?: 0 | 1 | undefined }
  | {
      readonly kind: 'string';
      readonly minLength?: number | undefined;
      readonly maxLength?: number | undefined;
      readonly format?: Format | undefined;
    }
  /** One of these very values. */
  | { readonly kind: 'values'; readonly values: readonly unknown[] }
  | {
      readonly kind: 'array';
      readonly items: Shape;
      readonly minItems: number;
      readonly maxItems?: number | undefined;
    }
  | { readonly kind: 'object'; readonly properties: readonly Property[] }
  /** An object with any names, all of one shape. */
  | { readonly kind: 'map'; readonly values: Shape }
  | { readonly kind: 'union'; readonly of: readonly Shape[] }
  | { readonly kind: 'reference'; readonly name: string };

export type Property = {
  readonly name: string;
  readonly shape: Shape;
  readonly required: boolean;
};

export const FORMATS = ['date', 'time', 'date-time', 'uuid'] as const;

export type Format = (typeof FORMATS)[number];

/** A schema that was read: its root, and what references point to. */
export type ReadSchema = {
  readonly root: Shape;
  readonly definitions: ReadonlyMap<string, Shape>;
};
