import { create } from 'xmlbuilder2';

/** One element: its name, its text or what is in it in order, and its attributes. */
export type Element = readonly [
  name: string,
  content: string | Elements,
  attributes?: Readonly<Record<string, string>>,
];

/** What is in an element; an undefined place is an element that is left out. */
export type Elements = readonly (Element | undefined)[];

/** A tree of elements with the namespace that they are of. */
export interface XmlDocument {
  readonly namespace: string;
  readonly root: Element;
}

/** What XML 1.0 has no way to write: control characters, lone surrogates, and the two non-characters. */
const NOT_XML =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be replaced.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Unicode's own sign for a character that could not be kept. */
const REPLACEMENT_CHARACTER = '\ufffd';

/** Whether an element has text and no elements. */
function isText(content: string | Elements): content is string {
  return typeof content === 'string';
}

/** xmlbuilder2 leaves an ampersand alone that seems to begin an entity; a text has no entities. */
function writableText(text: string): string {
  return text.replace(NOT_XML, REPLACEMENT_CHARACTER).replaceAll('&', '&amp;');
}

type Builder = ReturnType<typeof create>;

/**
 * Writes a document as UTF-8 text with one element a line. A character that XML cannot hold is replaced, so that the
 * rest of a text stays readable.
 */
export function writeXml({ namespace, root }: XmlDocument): string {
  const builder = create({ version: '1.0', encoding: 'UTF-8' });
  append(builder, namespace, root);
  return `${builder.end({ prettyPrint: true })}\n`;
}

function append(parent: Builder, namespace: string, [name, content, attributes = {}]: Element): void {
  // An attribute `xmlns` among the attributes is the namespace of a document inside this one.
  const { xmlns = namespace, ...others } = attributes;
  const element = parent.ele(xmlns, name, others);
  if (isText(content)) {
    element.txt(writableText(content));
    return;
  }
  for (const child of content) if (child !== undefined) append(element, xmlns, child);
}
