import type { JsonValue } from '../../core/aws-error.ts';

/** A part of a template: text as it stands, or a variable and whether it stands between JSON quotes. */
type Part = string | { readonly name: string; readonly quoted: boolean };

/** A template of a rule's target or of a pipe, read once. */
export interface InputTemplate {
  /** The names between angle brackets, in order. */
  readonly variables: readonly string[];
  /**
   * Fills the template. A variable without a value becomes an empty text.
   *
   * @returns nothing when a JSON template does not come out as JSON: AWS then delivers nothing, silently
   */
  render(resolve: (name: string) => JsonValue | undefined): string | undefined;
}

const VARIABLE = /<(\$[^<>\s]*|[A-Za-z0-9_][\w.-]*)>/y;

/**
 * Reads a template. One that begins with a quote is text and stays as it comes out; any other that begins
 * like JSON must come out as JSON (EventBridge, "Input transformation", corrected by recorded behaviour).
 */
export function compileTemplate(template: string): InputTemplate {
  const first = template.trimStart().charAt(0);
  const json = first === '{' || first === '[' || first === '<';
  const parts = split(template, json);
  const variables = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.name]));
  const whole = json ? isJson(fill(parts, () => 'x').text) : true;
  return {
    variables,
    render: (resolve) => {
      if (!json) return parts.map((part) => asText(part, resolve)).join('');
      const filled = fill(parts, resolve);
      return (whole && !filled.risky) || isJson(filled.text) ? filled.text : undefined;
    },
  };
}

function split(template: string, json: boolean): Part[] {
  const parts: Part[] = [];
  let text = '';
  let quoted = false;
  for (let i = 0; i < template.length; i += 1) {
    const character = template.charAt(i);
    if (character === '<') {
      VARIABLE.lastIndex = i;
      const name = VARIABLE.exec(template)?.[1];
      if (name !== undefined) {
        parts.push(text, { name, quoted });
        text = '';
        i = VARIABLE.lastIndex - 1;
        continue;
      }
    }
    if (json && character === '\\' && quoted) {
      text += character + template.charAt(i + 1);
      i += 1;
      continue;
    }
    if (json && character === '"') quoted = !quoted;
    text += character;
  }
  return [...parts, text];
}

/** Fills a JSON template; `risky` says that something went between quotes which may have broken the JSON. */
function fill(
  parts: readonly Part[],
  resolve: (name: string) => JsonValue | undefined,
): { text: string; risky: boolean } {
  let risky = false;
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part;
    const value = resolve(part.name) ?? (part.quoted ? '' : undefined);
    if (!part.quoted) return JSON.stringify(value === undefined ? '' : value);
    if (typeof value === 'string') return JSON.stringify(value).slice(1, -1);
    if (typeof value === 'object' && value !== null) risky = true;
    return JSON.stringify(value);
  });
  return { text: texts.join(''), risky };
}

function asText(part: Part, resolve: (name: string) => JsonValue | undefined): string {
  if (typeof part === 'string') return part;
  const value = resolve(part.name);
  if (value === undefined) return '';
  // AWS leaves the quotes out of an object or a list that it puts into text.
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
