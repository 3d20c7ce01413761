import { type Element, writeXml } from './xml-document.ts';

/** A message with what a business application header says about it. */
export interface BusinessMessage {
  /** The message identifier of the ISO 20022 catalogue, as in `camt.054.001.08`. */
  readonly definition: string;
  /** Max35Text. */
  readonly id: string;
  /** RFC 3339 in UTC. */
  readonly createdAt: string;
  /** The element inside `Document`. */
  readonly content: Element;
}

/** The names of the two systems that a header names; a bank puts its own here. */
export interface HeaderParties {
  readonly from: string;
  readonly to: string;
}

/** How a message is written. */
export interface RenderOptions {
  /** With a business application header (head.001.001.02), both in one envelope; without one when absent. */
  readonly header?: HeaderParties | undefined;
}

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:';
const HEADER_DEFINITION = 'head.001.001.02';
/** The business message envelope: a header and the document that it is about, in one file. */
const ENVELOPE_DEFINITION = 'nvlp.001.001.01';

/** Writes a message as the text of an XML document. */
export function writeMessage(message: BusinessMessage, { header }: RenderOptions = {}): string {
  const namespace = `${NAMESPACE}${message.definition}`;
  const document: Element = ['Document', [message.content]];
  if (header === undefined) return writeXml({ namespace, root: document });
  return writeXml({
    namespace: `${NAMESPACE}${ENVELOPE_DEFINITION}`,
    root: [
      'BizMsgEnvlp',
      [
        ['Hdr', [headerOf(message, header)]],
        ['Doc', [['Document', [message.content], { xmlns: namespace }]]],
      ],
    ],
  });
}

/** The business application header: who sends what to whom, and when it was made. */
function headerOf({ id, definition, createdAt }: BusinessMessage, { from, to }: HeaderParties): Element {
  return [
    'AppHdr',
    [
      ['Fr', [institution(from)]],
      ['To', [institution(to)]],
      ['BizMsgIdr', id],
      ['MsgDefIdr', definition],
      ['CreDt', createdAt],
    ],
    { xmlns: `${NAMESPACE}${HEADER_DEFINITION}` },
  ];
}

/** A party that has no BIC: it goes by a name of its own. */
function institution(name: string): Element {
  return ['FIId', [['FinInstnId', [['Othr', [['Id', name]]]]]]];
}
