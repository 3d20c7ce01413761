import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import { memoryPages, validateXML } from 'xmllint-wasm';

// The repository's root is three folders above this package's sources.
const REPOSITORY = join(import.meta.dirname, '../../..');

/** Where the XML schemas of ISO 20022 lie, which are no part of the repository. */
export const SCHEMAS_FOLDER = process.env['PAYMENTS_XSD_DIR'] ?? join(REPOSITORY, '../shared/iso20022/xsd');

/** Documents for one run of the validator; each run reads the schema again, which takes a tenth of a second. */
const DOCUMENTS_A_RUN = 500;
const MEMORY_PAGES_MAX = 8192;

/** The text of a schema, as in `camt.054.001.08`. */
export function schemaOf(definition: string): string {
  return readFileSync(join(SCHEMAS_FOLDER, `${definition}.xsd`), 'utf8');
}

/**
 * Holds documents of one message definition against its official schema.
 *
 * @param definition as in `cain.001.001.05`
 * @returns what is wrong, with the document's place in the list and the line; nothing when all are valid
 */
export async function schemaProblems(definition: string, documents: readonly string[]): Promise<string[]> {
  const schema = { fileName: `${definition}.xsd`, contents: schemaOf(definition) };
  const problems: string[] = [];
  for (let start = 0; start < documents.length; start += DOCUMENTS_A_RUN) {
    const xml = documents.slice(start, start + DOCUMENTS_A_RUN).map((contents, index) => ({
      fileName: `${start + index}.xml`,
      contents,
    }));
    const { valid, errors } = await validateXML({
      xml,
      schema,
      initialMemoryPages: memoryPages.defaultMaxMemoryPages,
      maxMemoryPages: MEMORY_PAGES_MAX,
    });
    problems.push(...errors.map(({ rawMessage }) => rawMessage));
    if (!valid && errors.length === 0) problems.push(`${definition}: invalid, and nothing says why`);
  }
  return problems;
}

/** Tests that need the schemas; where they are absent, one skipped test says so. */
export function describeWithSchemas(title: string, tests: () => void): void {
  if (existsSync(SCHEMAS_FOLDER)) {
    describe(title, tests);
    return;
  }
  describe(title, () => {
    it.skip(`skipped: there are no ISO 20022 schemas in ${SCHEMAS_FOLDER}; PAYMENTS_XSD_DIR names their folder`, () =>
      undefined);
  });
}
