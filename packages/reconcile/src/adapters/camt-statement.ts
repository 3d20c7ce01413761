import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { LedgerRow } from '../break.ts';
import { type EntryReference, entryReferenceOf, sequenceReferenceOf } from '../entry-reference.ts';
import type { BadLine, StatementScope } from '../ledger-statement.ts';
import {
  type BankStatement,
  dateOf,
  FieldProblem,
  lineOf,
  minorUnitsOf,
  required,
  type StatementLine,
  StatementUnreadableError,
  type TextSource,
} from '../statement-line.ts';
import { type XmlBlock, xmlBlocks } from './xml-blocks.ts';

/** Messages of ISO 20022 with entries of accounts, in the version that we know. */
const DEFINITION = /urn:iso:std:iso:20022:tech:xsd:(camt\.05[234]\.001\.\d{2})/;
const KNOWN = new Set(['camt.052.001.08', 'camt.053.001.08', 'camt.054.001.08']);
/** The name of the message stands within so many characters of its beginning. */
const HEAD_MAX = 4_096;
/** The end of the message is looked for in so many characters. */
const TAIL_MAX = 1_024;
/** The first element, behind declarations and comments. */
const ROOT = /<([A-Za-z_][\w.:-]*)/;
const ROWS_PAGE = 1_000;
const DIRECTIONS: Readonly<Record<string, LedgerRow['direction']>> = { DBIT: 'DEBIT', CRDT: 'CREDIT' };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  removeNSPrefix: true,
});

/** How a bank fills its statements, where that differs between banks. */
export interface CamtOptions {
  /** Value dates are compared; an entry without one is then a bad line. Default true. */
  readonly valueDate?: boolean;
  /** `BkTxCd/Prtry/Cd` is our accounting event, and compared. Default false. */
  readonly eventCode?: boolean;
  /** Our account by the bank's identification, an IBAN or another; undefined where it is none of ours. Default: itself. */
  readonly accountIdOf?: (identification: string) => string | undefined;
}

/** An element as the parser gives it: text, or members by name, several as a list. */
type Node = string | { readonly [name: string]: Node | readonly Node[] } | undefined;

/**
 * A bank's statement (camt.053.001.08), intraday report (camt.052.001.08) or notification (camt.054.001.08) as a ledger.
 * Entries that are booked count, those that are pending or for information do not. Our reference of an entry is taken
 * from `NtryRef`, or from what our own notifications say beside it, or from the references of its details; an entry of
 * which the details are several is as many rows.
 */
export class CamtStatement implements BankStatement {
  readonly scope: StatementScope;
  readonly badLines: readonly BadLine[];
  readonly foreign: number;
  readonly #source: TextSource;
  readonly #options: CamtOptions;

  private constructor(
    source: TextSource,
    options: CamtOptions,
    found: { accountIds: ReadonlySet<string>; badLines: readonly BadLine[]; foreign: number },
  ) {
    this.#source = source;
    this.#options = options;
    this.badLines = found.badLines;
    this.foreign = found.foreign;
    const { valueDate = true, eventCode = false } = options;
    this.scope = { scheme: false, eventCode, valueDate, accountIds: found.accountIds };
  }

  /**
   * Reads a statement once, for its accounts and for what of it cannot be read.
   *
   * @throws StatementUnreadableError when it is no such message, or ends too early
   */
  static async open(source: TextSource, options: CamtOptions = {}): Promise<CamtStatement> {
    const accountIds = new Set<string>();
    const badLines: BadLine[] = [];
    let foreign = 0;
    for await (const { accountId, lines } of linesOf(source(), options)) {
      if (accountId !== undefined) accountIds.add(accountId);
      for (const line of lines) {
        if (line.kind === 'bad') badLines.push(line.bad);
        if (line.kind === 'foreign') foreign += 1;
      }
    }
    return new CamtStatement(source, options, { accountIds, badLines, foreign });
  }

  async *read(): AsyncGenerator<readonly LedgerRow[]> {
    let page: LedgerRow[] = [];
    for await (const { lines } of linesOf(this.#source(), this.#options)) {
      page.push(...lines.flatMap((line) => (line.kind === 'row' ? [line.row] : [])));
      if (page.length < ROWS_PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }
}

interface AccountLines {
  readonly accountId?: string;
  readonly lines: readonly StatementLine[];
}

async function* linesOf(chunks: AsyncIterable<string>, options: CamtOptions): AsyncGenerator<AccountLines> {
  const { accountIdOf = (identification: string) => identification } = options;
  let accountId: string | undefined;
  for await (const block of xmlBlocks(checked(chunks), ['Acct', 'Ntry'])) {
    if (block.name === 'Acct') {
      const identification = textAt(nodeOf(block), 'Id', 'IBAN') ?? textAt(nodeOf(block), 'Id', 'Othr', 'Id');
      accountId = identification === undefined ? undefined : accountIdOf(identification);
      yield { ...(accountId !== undefined && { accountId }), lines: [] };
    } else yield { lines: entryLines(block, accountId, options) };
  }
}

/** The rows that one entry is: as many as it has details. */
function entryLines(block: XmlBlock, accountId: string | undefined, options: CamtOptions): StatementLine[] {
  const valid = XMLValidator.validate(block.xml);
  if (valid !== true) {
    const line = block.line + valid.err.line - 1;
    return [{ kind: 'bad', bad: { line, field: 'Ntry', problem: valid.err.msg } }];
  }
  const entry = nodeOf(block);
  const status = textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts');
  if (status !== 'BOOK') return [];
  const details = nodesAt(entry, 'NtryDtls').flatMap((each) => nodesAt(each, 'TxDtls'));
  const several = details.length > 1 ? details : [undefined];
  return several.map((detail, index) =>
    lineOf(block.line, () => {
      const reference = referenceOf(entry, detail ?? details[0], detail !== undefined);
      if (reference === undefined || accountId === undefined) return undefined;
      return {
        ...rowOf(entry, detail, options),
        ...reference,
        accountId,
        rowId: rowIdOf(entry, block, index),
      };
    }),
  );
}

function rowOf(entry: Node, detail: Node, { valueDate = true, eventCode = false }: CamtOptions) {
  const at = (...path: string[]): string | undefined => textAt(detail, ...path) ?? textAt(entry, ...path);
  const currency = required('Amt/@Ccy', at('Amt', '@Ccy'));
  const direction = DIRECTIONS[at('CdtDbtInd') ?? ''];
  if (direction === undefined)
    throw new FieldProblem('CdtDbtInd', `"${at('CdtDbtInd') ?? ''}" is no direction`);
  const bookingDate = dateOf('BookgDt', dateAt(entry, 'BookgDt') ?? '');
  const code = textAt(entry, 'BkTxCd', 'Prtry', 'Cd');
  return {
    direction,
    minorUnits: minorUnitsOf('Amt', at('Amt', '#text') ?? '', currency),
    currency,
    bookingDate,
    valueDate: valueDate ? dateOf('ValDt', dateAt(entry, 'ValDt') ?? '') : bookingDate,
    ...(eventCode && { eventCode: required('BkTxCd/Prtry/Cd', code) }),
  };
}

/** Our reference, wherever the bank repeats it. */
function referenceOf(entry: Node, detail: Node, isOneOfMany: boolean): EntryReference | undefined {
  const references = nodesAt(detail, 'Refs');
  const texts = references.flatMap((refs) =>
    ['EndToEndId', 'InstrId', 'AcctSvcrRef', 'TxId'].map((name) => textAt(refs, name) ?? ''),
  );
  const candidates = isOneOfMany ? texts : [textAt(entry, 'NtryRef') ?? '', ...texts];
  for (const text of candidates) {
    const reference = entryReferenceOf(text);
    if (reference !== undefined) return reference;
  }
  // Our notifications say the sequence as the batch, and the place in it as a reference of its own.
  const [details] = nodesAt(entry, 'NtryDtls');
  const sequenceId = sequenceReferenceOf(textAt(details, 'Btch', 'MsgId') ?? '');
  const place = references
    .flatMap((refs) => nodesAt(refs, 'Prtry'))
    .find((each) => textAt(each, 'Tp') === 'SEQUENCE');
  return sequenceId === undefined
    ? undefined
    : entryReferenceOf(`${sequenceId}/${textAt(place, 'Ref') ?? ''}`);
}

/** The bank's own reference may stand on many rows; the line in the text makes it one. */
function rowIdOf(entry: Node, { line }: XmlBlock, index: number): string {
  return `${textAt(entry, 'AcctSvcrRef') ?? 'line'}/${String(line).padStart(9, '0')}/${index + 1}`;
}

/** Passes on what is read when its beginning says that it is such a message, and its end that it is all of it. */
async function* checked(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let head = '';
  let tail = '';
  let isKnown = false;
  for await (const chunk of chunks) {
    tail = (tail + chunk).slice(-TAIL_MAX);
    if (isKnown) {
      yield chunk;
      continue;
    }
    head += chunk;
    const definition = DEFINITION.exec(head)?.[1];
    if (definition === undefined && head.length < HEAD_MAX) continue;
    refuseUnknown(definition);
    isKnown = true;
    yield head;
  }
  if (!isKnown) refuseUnknown(undefined);
  const root = ROOT.exec(head)?.[1] ?? 'Document';
  if (!tail.trimEnd().endsWith(`</${root}>`))
    throw new StatementUnreadableError(`the text ends too early: there is no end of ${root}`);
}

function refuseUnknown(definition: string | undefined): void {
  if (definition !== undefined && KNOWN.has(definition)) return;
  const found = definition === undefined ? 'no ISO 20022 statement' : definition;
  throw new StatementUnreadableError(`it is ${found}; known are ${[...KNOWN].join(', ')}`);
}

function nodeOf({ name, xml }: XmlBlock): Node {
  return (parser.parse(xml) as Record<string, Node>)[name];
}

function nodesAt(node: Node, name: string): readonly Node[] {
  if (node === undefined || typeof node === 'string') return [];
  const found = node[name];
  if (found === undefined) return [];
  return Array.isArray(found) ? (found as readonly Node[]) : [found as Node];
}

function textAt(node: Node, ...path: readonly string[]): string | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return typeof node === 'string' ? node : undefined;
  return textAt(nodesAt(node, name)[0], ...rest);
}

/** A date, or a date with time. */
function dateAt(node: Node, name: string): string | undefined {
  return textAt(node, name, 'Dt') ?? textAt(node, name, 'DtTm');
}
