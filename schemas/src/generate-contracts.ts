import { baseName, type SchemaFile } from './load-schemas.ts';

const BANNER = '/* Generated from the schemas beside this package. Do not edit: run `generate`. */\n';

/** The module that finds, by an event's name, its version and the validators of one record. */
export function generateContracts(schemas: readonly SchemaFile[]): string {
  const events = schemas.filter(({ path }) => path.startsWith('events/'));
  const imports = events.flatMap(({ path, title }) => [
    `import { ${title}Record as produces${title} } from './closed/${baseName(path)}.js';`,
    `import { ${title}Record as accepts${title} } from './open/${baseName(path)}.js';`,
  ]);
  const members = events.map(
    ({ path, title }) =>
      `  ${title}: { version: ${version(path)}, accepts: accepts${title}, produces: produces${title} },`,
  );
  return `${BANNER}import type { Validate } from '../validate.ts';
${imports.join('\n')}
import type { EventRecords } from './types.ts';

/** One record's contract: what consumers accept (open) and what producers may say (closed). */
export interface Contract<Record> {
  readonly version: number;
  readonly accepts: Validate<Record>;
  readonly produces: Validate<Record>;
}

export const contracts: { readonly [Name in keyof EventRecords]: Contract<EventRecords[Name]> } = {
${members.join('\n')}
};
`;
}

function version(path: string): number {
  const match = /\.v(\d+)\.json$/.exec(path);
  if (match?.[1] === undefined) throw new Error(`${path} has no version in its name`);
  return Number(match[1]);
}
