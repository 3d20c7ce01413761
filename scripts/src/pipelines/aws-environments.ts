import { globSync, readFileSync } from 'node:fs';
import { ROOT } from './workspace-packages.ts';

/** In which order environments are deployed to; one that is not named here comes after these, by its name. */
const ORDER: readonly string[] = ['dev', 'test', 'staging', 'prod'];

/** The environments that are AWS accounts, which is those that have a remote state, in the order of deployment. */
export function awsEnvironments(root: string = ROOT): readonly string[] {
  const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return globSync('infra/environments/*.json', { cwd: root })
    .map((path) => JSON.parse(readFileSync(`${root}/${path}`, 'utf8')) as { name: string; state?: unknown })
    .filter(({ state }) => state !== undefined)
    .map(({ name }) => name)
    .sort((one, other) => place(one) - place(other) || one.localeCompare(other));
}
