import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import { scan } from '../commands/scan.ts';
import { PlantedCloud } from './planted-cloud.fixture.ts';
import { scanPaths } from './scan-paths.ts';

/** A published test number of Visa. */
const PAN = '4111111111111111';
const MASKED = '411111••••••1111';
const FORMS: Readonly<Record<string, Buffer>> = {
  'as it is': Buffer.from(`card ${PAN}`),
  'with blanks': Buffer.from('card 4111 1111 1111 1111'),
  'in base64': Buffer.from(Buffer.from(JSON.stringify({ pan: PAN })).toString('base64')),
  'in hex': Buffer.from(Buffer.from(`pan=${PAN}`).toString('hex')),
  'in the packed hex of a message': Buffer.from(`0100700000000000000016${PAN}000000000000002599`),
  'in the EBCDIC hex of a message': Buffer.from(`F0F1F0F0F1F6${[...PAN].map((d) => `F${d}`).join('')}F0F0`),
  'as track 2': Buffer.from(`;${PAN}=27121011000000000000?`),
  'in base64 of gzip': Buffer.from(gzipSync(`card ${PAN}`).toString('base64')),
};

let cloud: PlantedCloud;
beforeEach(() => {
  cloud = new PlantedCloud();
});
afterEach(() => cloud.remove());

describe('a scan of a data directory', () => {
  const places = Object.entries(PlantedCloud.places) as [keyof typeof PlantedCloud.places, string][];

  it.each(places)('finds what is planted in a %s, in each form', async (place, told) => {
    for (const [form, content] of Object.entries(FORMS)) {
      const planted = form === 'as it is' ? cloud : new PlantedCloud();
      await planted.plant(place, content);
      await planted.close();
      const { findings, unscanned } = await scanPaths([planted.data]);
      expect(unscanned).toEqual([]);
      const where = findings.map(({ part = '', masked }) => `${form}: ${masked} ${part}`);
      expect(where).toContainEqual(expect.stringContaining(`${form}: ${MASKED} ${told}`));
      expect(JSON.stringify(findings)).not.toContain(PAN);
      if (planted !== cloud) planted.remove();
    }
  });

  it('finds in its free pages what was deleted', async () => {
    await cloud.plant('queue message', FORMS['as it is'] ?? Buffer.alloc(0));
    await cloud.consume();
    await cloud.close();
    const { findings } = await scanPaths([cloud.data]);
    expect(findings.filter(({ part }) => part === undefined).map(({ masked }) => masked)).toContain(MASKED);
  });

  it('finds nothing where only a token lies', async () => {
    for (const [place] of places) await cloud.plant(place, Buffer.from('token 9403137763021111'));
    await cloud.close();
    const { findings, unscanned, files } = await scanPaths([cloud.data]);
    expect({ findings, unscanned }).toEqual({ findings: [], unscanned: [] });
    expect(files).toBeGreaterThan(0);
  });

  it('says that it cannot look into a database that is in use', async () => {
    await cloud.plant('log', Buffer.from('nothing'));
    const { unscanned } = await scanPaths([join(cloud.data, 'cloud.sqlite')]);
    expect(unscanned).toEqual([expect.objectContaining({ reason: expect.stringContaining('locked') })]);
    await cloud.close();
  });
});

describe('a scan of files', () => {
  const inFolder = (name: string): string => join(cloud.directory, 'files', name);
  beforeEach(async () => {
    mkdirSync(join(cloud.directory, 'files'));
    await cloud.close();
  });

  it('finds a number wherever the bound of a window cuts it', async () => {
    for (const before of [1_048_560, 1_048_568, 1_048_576, 983_040, 983_050, 2_031_616]) {
      writeFileSync(inFolder('long.log'), `${'.'.repeat(before)} ${PAN} ${'.'.repeat(200_000)}`);
      const { findings } = await scanPaths([inFolder('long.log')]);
      expect(findings).toEqual([expect.objectContaining({ masked: MASKED, offset: before + 1 })]);
    }
  });

  it('finds a number in base64 that is longer than a window', async () => {
    const content = Buffer.from(`${'x'.repeat(2_500_000)} ${PAN} ${'y'.repeat(500_000)}`);
    writeFileSync(inFolder('long.json'), JSON.stringify({ body: content.toString('base64') }));
    const { findings } = await scanPaths([inFolder('long.json')]);
    expect(findings.map(({ masked, encodings }) => [masked, encodings])).toEqual([[MASKED, ['base64']]]);
  });

  it('unpacks compressed files of any length, and names the entry of an archive', async () => {
    const content = Buffer.from(`${'x'.repeat(3_000_000)} ${PAN}`);
    writeFileSync(inFolder('a.log.gz'), gzipSync(content));
    writeFileSync(inFolder('b.zip'), zipSync({ 'inner/b.log': content, 'c.log': Buffer.from('nothing') }));
    const { findings } = await scanPaths([join(cloud.directory, 'files')]);
    expect(findings.map(({ encodings }) => encodings)).toEqual([['gzip'], ['zip inner/b.log']]);
  });

  it('says what it could not unpack, and fails', async () => {
    writeFileSync(inFolder('cut.gz'), gzipSync('x'.repeat(100_000)).subarray(0, 60));
    const printed: string[] = [];
    const output = { print: (line: string) => void printed.push(line), warn: () => undefined };
    expect(await scan.run([inFolder('cut.gz')], output)).toBe(1);
    expect(printed.join('\n')).toContain('not scanned');
  });

  it('prints finds masked, and exits with 1 when there are any', async () => {
    writeFileSync(inFolder('a.log'), `card ${PAN}`);
    symlinkSync(inFolder('a.log'), inFolder('link'));
    const printed: string[] = [];
    const output = { print: (line: string) => void printed.push(line), warn: () => undefined };
    expect(await scan.run([join(cloud.directory, 'files')], output)).toBe(1);
    expect(printed).toEqual([
      `card number ${MASKED} at ${inFolder('a.log')}, byte 5`,
      '1 found in 1 file, 0.0 MB.',
    ]);
    writeFileSync(inFolder('a.log'), 'card 9403137763021111');
    expect(await scan.run([join(cloud.directory, 'files')], output)).toBe(0);
  });
});
