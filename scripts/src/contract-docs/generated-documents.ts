import { readRelease } from '@payments/schemas/compatibility/released-contracts';
import { loadSchemas } from '@payments/schemas/load-schemas';
import { stringify } from 'yaml';
import { asyncapiDocument } from './asyncapi-document.ts';
import { eventsPage } from './events-page.ts';

const UNRELEASED = '0.0.0';

/** The documents that are made of the contracts and the declarations: text by path below the repository. */
export function generatedDocuments(): Readonly<Record<string, string>> {
  const schemas = loadSchemas();
  const document = asyncapiDocument(schemas, readRelease()?.version ?? UNRELEASED);
  return {
    'docs/events.md': eventsPage(schemas),
    'docs/asyncapi.yaml': stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }),
  };
}
