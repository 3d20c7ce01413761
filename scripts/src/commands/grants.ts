import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataDirectory } from '../deployment/endpoint-file.ts';
import { mergeReports, unusedOf } from '../grants/grant.ts';
import { grantsText } from '../grants/grants-text.ts';
import { environmentPrefixes } from '../grants/prefixes.ts';
import { readGrants } from '../grants/read-grants.ts';
import type { Command } from './command.ts';

/** `payments grants`: what policies allow, and what of it was used. */
export const grants: Command = {
  name: 'grants',
  summary: 'what each policy allows, how often that was used or whether it never was, and what was denied',
  help: `payments grants [<data directories…>] [options]

Lists every action on every resource that the deployed stacks allow (policies of roles, of resources and of keys) with
how many calls it allowed, or "never"; and what was denied to whom. Of several data directories it adds up what their
runs used, whichever environment they played. Names are shown without system and environment.

  --unused               only what was never used
  --json                 the same for machines

Example:  payments grants .payments --unused`,
  run: async (args, output) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { unused: { type: 'boolean' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const directories =
      positionals.length === 0 ? [defaultDataDirectory()] : positionals.map((path) => resolve(path));
    const reports = [];
    for (const directory of directories) reports.push(await readGrants(directory));
    const merged = mergeReports(reports, environmentPrefixes());
    if (values.json !== true) output.print(grantsText(merged, values.unused === true));
    else if (values.unused !== true) output.print(JSON.stringify(merged, null, 2));
    else output.print(JSON.stringify({ ...merged, grants: unusedOf(merged) }, null, 2));
    return 0;
  },
};
