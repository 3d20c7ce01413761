import { type CainBody, type CainDocument, passesLuhn } from '@payments/schemas';
import { type RenderOptions, writeMessage } from './business-message.ts';
import { CAIN, type CainDefinition } from './cain-elements.ts';
import { RenderError } from './errors.ts';
import type { Element } from './xml-document.ts';

/**
 * Writes a card message as XML: cain.001.001.05, cain.003.001.05 or cain.005.001.05, after its root element.
 *
 * @param document the document of `TransactionStandardized` and `TransactionEnriched`
 * @throws RenderError DOCUMENT_ROOT_MISSING, ELEMENT_UNKNOWN, ELEMENT_UNREADABLE, CARD_NUMBER
 */
export function renderCain(document: CainDocument, options: RenderOptions = {}): string {
  const { root, body, definition } = messageOf(document);
  if (passesLuhn(body.Card.PAN))
    throw new RenderError('CARD_NUMBER', 'Card/PAN holds what looks like a card number');
  const { XchgId, CreDtTm } = body.Hdr;
  return writeMessage(
    {
      definition: definition.identifier,
      id: XchgId,
      createdAt: CreDtTm,
      content: [root, elementsOf(body, '', definition)],
    },
    options,
  );
}

/** The identifier of the message that a document is, as in `cain.001.001.05`. */
export function cainIdentifierOf(document: CainDocument): string {
  return messageOf(document).definition.identifier;
}

function messageOf(document: CainDocument): {
  readonly root: string;
  readonly body: CainBody;
  readonly definition: CainDefinition;
} {
  const [first, ...others] = Object.entries(document);
  const [root = '', body] = first ?? [];
  const definition = Object.entries(CAIN).find(([name]) => name === root)?.[1];
  if (definition === undefined || body === undefined || others.length > 0)
    throw new RenderError('DOCUMENT_ROOT_MISSING', 'the document is not exactly one message');
  return { root, body, definition };
}

/** The members of an object as elements in schema order; an array repeats its element. */
function elementsOf(members: object, path: string, definition: CainDefinition): Element[] {
  const order = orderAt(definition, path);
  for (const name of Object.keys(members))
    if (!order.includes(name))
      throw new RenderError(
        'ELEMENT_UNKNOWN',
        `${definition.identifier} as we carry it has no ${joined(path, name)}`,
      );
  const values = new Map<string, unknown>(Object.entries(members));
  return order.flatMap((name): Element[] => {
    const value = values.get(name);
    if (value === undefined) return [];
    const each = Array.isArray(value) ? value : [value];
    return each.map((one) => [name, contentOf(one, joined(path, name), definition)]);
  });
}

function contentOf(value: unknown, path: string, definition: CainDefinition): Element[1] {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'object' && value !== null) return elementsOf(value, path, definition);
  throw new RenderError('ELEMENT_UNREADABLE', `${path} is neither text, nor truth value, nor elements`);
}

const ORDERS = new Map<string, readonly string[]>();

/** The names at a path; split once for each definition and path. */
function orderAt({ identifier, elements }: CainDefinition, path: string): readonly string[] {
  const key = `${identifier} ${path}`;
  let order = ORDERS.get(key);
  if (order === undefined) {
    order = elements[path]?.split(' ') ?? [];
    ORDERS.set(key, order);
  }
  return order;
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}
