import type { SchemaFile, SchemaObject } from '@payments/schemas/load-schemas';

/** A field of a record or of a shared type, as a page tells of it. */
export interface FieldRow {
  /** `sequence.count`, `entries[]` */
  readonly name: string;
  /** Markdown; the names of shared types link to their headings. */
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

/** Values beyond these are not listed in a table; the contract has them all. */
const VALUES_MAX = 12;

/** What means something in a table or a link of Markdown, or in HTML. */
const ESCAPED: ReadonlySet<string> = new Set('|()[]<>&*_\\`');

/** Turns schemas into rows; knows the shared ones by the ends of references to them. */
export class FieldRows {
  readonly #shared: ReadonlyMap<string, SchemaFile>;

  constructor(schemas: readonly SchemaFile[]) {
    this.#shared = new Map(schemas.map((file) => [file.path.replace(/^.*\//, ''), file]));
  }

  /** The members of an object, and of objects in it that are no types of their own. */
  of(schema: SchemaObject, prefix = ''): readonly FieldRow[] {
    const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, SchemaObject>>);
    const required = (schema['required'] ?? []) as readonly string[];
    return properties.flatMap(([name, member]) => {
      const at = `${prefix}${name}`;
      const row = { name: at, type: this.typeOf(member), required: required.includes(name) };
      return [{ ...row, description: this.#describe(member) }, ...this.#below(member, at)];
    });
  }

  /** What a value may be, in words. */
  typeOf(schema: SchemaObject): string {
    const { $ref, type, enum: values, items, pattern, format } = schema;
    if (typeof $ref === 'string') {
      const title = this.#target($ref).title;
      return `[${title}](#${title.toLowerCase()})`;
    }
    if ('const' in schema) return code(JSON.stringify(schema['const']));
    if (Array.isArray(values)) return listed(values);
    if (type === 'array') return `list of ${this.typeOf(items as SchemaObject)}${range(schema, 'Items')}`;
    if (type === 'string') {
      const form = typeof pattern === 'string' ? `text ${code(pattern)}` : 'text';
      return `${form}${range(schema, 'Length')}${format === undefined ? '' : `, ${format}`}`;
    }
    if (type === 'integer' || type === 'number') return `${type}${range(schema, 'imum')}`;
    return String(type ?? 'anything');
  }

  #below(member: SchemaObject, at: string): readonly FieldRow[] {
    const { items } = member;
    if (member['properties'] !== undefined) return this.of(member, `${at}.`);
    return typeof items === 'object' && items !== null ? this.#below(items as SchemaObject, `${at}[]`) : [];
  }

  /** A field's own words, or those of its type. */
  #describe(member: SchemaObject): string {
    const { description, $ref } = member;
    if (typeof description === 'string') return description;
    return typeof $ref === 'string' ? String(this.#target($ref).schema['description'] ?? '') : '';
  }

  #target(reference: string): SchemaFile {
    const file = this.#shared.get(reference.replace(/^.*\//, ''));
    if (file === undefined) throw new RangeError(`a reference leads nowhere: ${reference}`);
    return file;
  }
}

function listed(values: readonly unknown[]): string {
  const shown = values.slice(0, VALUES_MAX).map((value) => code(String(value)));
  return shown.join(' ') + (values.length > VALUES_MAX ? ` and ${values.length - VALUES_MAX} more` : '');
}

/** `, 1 to 98`; nothing where neither limit is said. */
function range(schema: SchemaObject, of: 'Items' | 'Length' | 'imum'): string {
  const [least, most] = [schema[`min${of}`], schema[`max${of}`]];
  if (least === undefined && most === undefined) return '';
  if (most === undefined) return `, ${least} or more`;
  return `, ${least === undefined ? 'up' : least} to ${most}`;
}

/** Code in a cell of a table, where a bar would end the cell and brackets might look like a link. */
function code(text: string): string {
  if (!/[|]|\]\(/.test(text)) return `\`${text}\``;
  const escaped = [...text].map((each) => (ESCAPED.has(each) ? `&#${each.codePointAt(0)};` : each));
  return `<code>${escaped.join('')}</code>`;
}
