import { readRelease } from '@payments/schemas/compatibility/released-contracts';
import { loadSchemas } from '@payments/schemas/load-schemas';
import { stringify } from 'yaml';
import { asyncapiDocument } from './asyncapi-document.ts';
import { eventsPage } from './events-page.ts';
import { policiesPage } from './policies-page.ts';

const UNRELEASED = '0.0.0';

/** The documents that are made of contracts, declarations and policies: text by path below the repository. */
export function generatedDocuments(): Readonly<Record<string, string>> {
  const schemas = loadSchemas();
  const document = asyncapiDocument(schemas, readRelease()?.version ?? UNRELEASED);
  return {
    'docs/events.md': eventsPage(schemas),
    'docs/policies.md': policiesPage(),
    'docs/asyncapi.yaml': stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }),
  };
}
