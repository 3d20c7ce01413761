import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type HeaderParties, renderCain, renderCamt054 } from '@payments/iso20022';
import {
  cainDocumentOf,
  postedSequenceOf,
  type ReadTransaction,
  readTransaction,
  type TransactionContent,
} from '../iso20022/transaction-content.ts';
import { type Command, CommandUsageError } from './command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS, connectionOptions } from './connection.ts';
import { onlyArgument } from './only-argument.ts';

/** The two systems that a header names, where the command line names no others. */
const PARTIES: HeaderParties = { from: 'PAYMENTS', to: 'CORE-BANKING' };
/** What `Max35Text` holds. */
const PARTY_MAX = 35;

const HELP = `payments iso20022 <transactionId> [options]

Writes the ISO 20022 document of a transaction as XML: cain.001.001.05 for an authorization, cain.003.001.05 for
a single message or a completion, cain.005.001.05 for a reversal. The card number in it is a surrogate. The id may
be cut short as long as no other begins so.

  --camt054              instead the notification of what it posted, camt.054.001.08, one for each account
  --json                 the content as JSON instead of XML
  --with-header          in an envelope with a business application header, head.001.001.02
  --from <name>          who sends it, in the header (default: ${PARTIES.from})
  --to <name>            who receives it, in the header (default: ${PARTIES.to})
  --out <file>           write to a file
${CONNECTION_HELP}

Example:  payments iso20022 343ec004 --camt054 --out notification.xml`;

/** `payments iso20022`, reading transactions from somewhere; tests give their own. */
export function iso20022From(read: ReadTransaction): Command {
  return {
    name: 'iso20022',
    summary: "a transaction's ISO 20022 document, or the notification of what it posted, as XML",
    help: HELP,
    run: async (args, output) => {
      const { id, values, header } = optionsOf(args);
      const content = await read(id, connectionOptions(values));
      const text = values.json === true ? jsonOf(content, values) : xmlOf(content, values, header);
      if (values.out === undefined) {
        output.print(text);
        return 0;
      }
      await writeFile(values.out, `${text}\n`);
      output.warn(`Wrote ${values.out}.`);
      return 0;
    },
  };
}

export const iso20022: Command = iso20022From(readTransaction);

/** @throws CommandUsageError */
function optionsOf(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...CONNECTION_OPTIONS,
      camt054: { type: 'boolean' },
      json: { type: 'boolean' },
      'with-header': { type: 'boolean' },
      from: { type: 'string' },
      to: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const id = onlyArgument(positionals, 'iso20022 takes the id of one transaction.');
  const withHeader = values['with-header'] === true;
  if (withHeader && values.json === true)
    throw new CommandUsageError('--with-header is for XML, --json is not XML.');
  if (!withHeader && (values.from ?? values.to) !== undefined)
    throw new CommandUsageError('--from and --to name the parties of a header: add --with-header.');
  const parties = { from: values.from ?? PARTIES.from, to: values.to ?? PARTIES.to };
  for (const name of Object.values(parties))
    if (name === '' || name.length > PARTY_MAX)
      throw new CommandUsageError(`--from and --to take names of 1 to ${PARTY_MAX} characters.`);
  return { id, values, header: withHeader ? parties : undefined };
}

interface Choice {
  readonly camt054?: boolean | undefined;
}

function jsonOf(content: TransactionContent, { camt054 }: Choice): string {
  return JSON.stringify(camt054 === true ? postedSequenceOf(content) : cainDocumentOf(content), null, 2);
}

function xmlOf(content: TransactionContent, { camt054 }: Choice, header: HeaderParties | undefined): string {
  const xml =
    camt054 === true
      ? renderCamt054(postedSequenceOf(content), { header })
      : renderCain(cainDocumentOf(content), { header });
  return xml.trimEnd();
}
