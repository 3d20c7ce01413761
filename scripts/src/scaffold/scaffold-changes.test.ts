import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { environmentNames } from '@payments/infra/environment';
import { STAGES } from '@payments/schemas';
import { ROOT } from '../stack-files.ts';
import { eventChanges } from './event-changes.ts';
import { applyChanges, changeLines } from './file-changes.ts';
import { STAGE_LIST } from './stage-list.ts';
import { type NewSubscriber, removalChanges, subscriberChanges } from './subscriber-changes.ts';

const OWNERS = '.github/CODEOWNERS';
const DECLARATION = 'packages/dedup/src/stage.ts';
const TERMINAL_EVENTS = 'infra/src/terminal-events.json';
/** The files that name the stages. */
const EDITED = [
  STAGE_LIST,
  ...environmentNames().map((name) => `infra/environments/${name}.json`),
  'scripts/package.json',
  OWNERS,
];
const SUBSCRIBER: NewSubscriber = {
  name: 'scaffold-sample',
  events: ['TransactionPosted', 'HoldChanged'],
  description: 'Tells of payments',
  owner: '@bank/payments',
};

let root: string;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const texts = (): Record<string, string> => Object.fromEntries(EDITED.map((path) => [path, read(path)]));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'scaffold-test-'));
  for (const path of [...EDITED, DECLARATION, TERMINAL_EVENTS]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (path !== OWNERS) cpSync(join(ROOT, path), join(root, path));
  }
  writeFileSync(join(root, OWNERS), '* @bank/all\n');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a new subscriber', () => {
  it('is named in every place that names the stages, and its package has all files of a stage', () => {
    const changes = subscriberChanges(root, SUBSCRIBER);
    expect(changes.filter(({ kind }) => kind === 'edit').map(({ path }) => path)).toEqual(EDITED);
    applyChanges(root, changes);
    expect(read(STAGE_LIST)).toContain(`  '${STAGES.at(-1)}',\n  'scaffold-sample',\n] as const;`);
    const local = JSON.parse(read('infra/environments/local.json')) as Record<string, Record<string, object>>;
    expect(local['sources']?.['scaffold-sample']).toEqual({ mode: 'real-time' });
    expect(local['subscribers']?.['scaffold-sample']).toEqual({ mode: 'real-time' });
    expect(read('scripts/package.json')).toContain('"@payments/scaffold-sample": "workspace:*"');
    expect(read(OWNERS)).toBe('* @bank/all\n/packages/scaffold-sample/ @bank/payments\n');
    expect(read('packages/scaffold-sample/src/stage.ts')).toContain(
      "consumes: ['TransactionPosted', 'HoldChanged']",
    );
    for (const { path, text } of changes) {
      expect(existsSync(join(root, path))).toBe(true);
      expect(text).not.toMatch(/__[A-Z_]+__/);
    }
  });

  it('is taken back without a trace', () => {
    const before = texts();
    applyChanges(root, subscriberChanges(root, SUBSCRIBER));
    applyChanges(root, removalChanges(root, SUBSCRIBER.name));
    expect(texts()).toEqual(before);
    expect(existsSync(join(root, 'packages/scaffold-sample'))).toBe(false);
  });

  it('overwrites nothing, and nothing is written before all is found possible', () => {
    mkdirSync(join(root, 'packages/scaffold-sample'), { recursive: true });
    writeFileSync(join(root, 'packages/scaffold-sample/README.md'), 'mine');
    const before = texts();
    expect(() => subscriberChanges(root, SUBSCRIBER)).toThrow(
      'packages/scaffold-sample/README.md exists; nothing is overwritten.',
    );
    expect([texts(), read('packages/scaffold-sample/README.md')]).toEqual([before, 'mine']);
  });

  it('needs no line in a file of owners that there is not', () => {
    rmSync(join(root, OWNERS));
    expect(changeLines(subscriberChanges(root, SUBSCRIBER)).join()).not.toContain(OWNERS);
  });
});

describe('a new event', () => {
  const event = { name: 'AlertRaised', emittedBy: 'dedup', description: 'Alert raised.' } as const;

  it('has a contract and examples, its stage declares it, and it is for subscribers', () => {
    const changes = eventChanges(root, event);
    expect(changes.filter(({ path }) => path.includes('/accepted/'))).toHaveLength(2);
    expect(changes.filter(({ path }) => path.includes('/refused/'))).toHaveLength(7);
    applyChanges(root, changes);
    expect(JSON.parse(read('schemas/events/alert-raised.v1.json'))).toMatchObject({ title: 'AlertRaised' });
    expect(read(DECLARATION)).toContain(
      "emits: ['TransactionAuthorized', 'DuplicateTransactionParked', 'AlertRaised']",
    );
    expect(JSON.parse(read(TERMINAL_EVENTS))).toMatchObject({ AlertRaised: 'whoever subscribes to it' });
    expect(() => eventChanges(root, event)).toThrow('alert-raised.v1.json exists; nothing is overwritten.');
  });

  it('is declared by hand where the declaration has another form', () => {
    writeFileSync(join(root, DECLARATION), 'export const stage = {};\n');
    expect(() => eventChanges(root, event)).toThrow('add AlertRaised by hand');
  });
});
