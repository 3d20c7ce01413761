import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROCEDURES, RUNBOOKS, runbookPath } from './runbooks.ts';

const ROOT = new URL('../../', import.meta.url);
const SECTIONS = ['## What it means', '## Look', '## Do', '## Afterwards'];

const textOf = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

describe('the runbooks', () => {
  it('are those that alarms name, and those for what people begin', () => {
    const files = readdirSync(new URL('docs/runbooks', ROOT)).map((file) => basename(file, '.md'));
    expect(files.sort()).toEqual(['README', ...RUNBOOKS, ...PROCEDURES].sort());
  });

  it.each([...RUNBOOKS.map(runbookPath), ...PROCEDURES.map((name) => `docs/runbooks/${name}.md`)])(
    '%s has the same sections as all others',
    (path) => {
      const text = textOf(path);
      expect(text.startsWith(`# ${basename(path, '.md')}\n\nSet up: [README](README.md)\n`)).toBe(true);
      expect(text.match(/^## .*$/gm)).toEqual(SECTIONS);
    },
  );

  it('are on the list of documents, and what alarms mean on the page of operations', () => {
    const documents = textOf('docs/README.md');
    const operations = textOf('docs/operations.md');
    for (const name of [...RUNBOOKS, ...PROCEDURES]) {
      expect(documents).toContain(`runbooks/${name}.md`);
      expect(operations).toContain(`runbooks/${name}.md`);
    }
  });
});
