import { elementNote, type PciClass, type Visibility } from './element-notes.ts';
import type { FieldSpec } from './field-table.ts';
import { FIELDS_1987 } from './fields-1987.ts';
import { FIELDS_1993 } from './fields-1993.ts';
import { FIELDS_2003 } from './fields-2003.ts';
import type { Iso8583Version } from './versions.ts';

const VERSIONS = [
  ['1987', FIELDS_1987],
  ['1993', FIELDS_1993],
  ['2003', FIELDS_2003],
] as const;
const HIGHEST_ELEMENT = 128;
const PCI_TEXT: Readonly<Record<PciClass, string>> = {
  TOKENIZE: 'tokenize',
  NEVER_STORE: 'never store',
  PROTECT: 'protect',
  NONE: '',
};
const VISIBILITY_TEXT: Readonly<Record<Visibility, string>> = {
  PLAIN: 'value',
  LAST_FOUR: 'last four',
  CONFIDENTIAL: 'last four; confidential, not carried',
  PROTECTED: 'length',
  NEVER_KEPT: 'length; dropped',
};

/**
 * The elements of all versions as a table in Markdown: format, ISO 20022 path, PCI class, what is shown. Versions that
 * say the same share a row. Written to `packages/ingest/iso8583-elements.md` by running this file.
 */
export function elementTable(): string {
  const rows: string[] = [];
  for (let number = 2; number <= HIGHEST_ELEMENT; number += 1) {
    const byText = new Map<string, Iso8583Version[]>();
    for (const [version, fields] of VERSIONS) {
      const field = fields.get(number);
      if (field === undefined) continue;
      const text = cellsOf(version, number, field);
      byText.set(text, [...(byText.get(text) ?? []), version]);
    }
    for (const [text, versions] of byText)
      rows.push(
        `| ${number} | ${versions.length === VERSIONS.length ? 'all' : versions.join(', ')} | ${text} |`,
      );
  }
  return [
    '# Elements of ISO 8583',
    '',
    'Generated: `node packages/ingest/src/iso8583/element-table.ts > packages/ingest/iso8583-elements.md`.',
    'Paths are below AuthstnInitn (cain.001), FinInitn (cain.003) or RvslInitn (cain.005) of version 001.05.',
    '',
    '| DE | version | name | format | ISO 20022 | PCI | shown |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function cellsOf(version: Iso8583Version, number: number, { name, type, length, max }: FieldSpec): string {
  const { cain, pci, visibility } = elementNote(version, number);
  const format = length === 'FIXED' ? `${type} ${max}` : `${length}VAR ${type}..${max}`;
  const paths = cain.map((path) => `\`${path}\``).join(' ');
  return [name, format, paths, PCI_TEXT[pci], VISIBILITY_TEXT[visibility]].join(' | ');
}

if (import.meta.main) console.log(elementTable());
