import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeLock } from '../../src/core/setLock.ts';
import type { SetFile } from '../../src/core/setFile.ts';
import { standingPicture, wordsDigest } from '../../src/sets/digests.ts';
import { expect, test } from './fixtures.ts';

test('a set file says what it lacks, and lacks nothing once that was made', async ({ code, simulator, rig }) => {
  const set: SetFile = {
    version: 1,
    style: 'Line icons for a garden shop',
    model: 'standard',
    size: { width: 768, height: 768 },
    pictures: ['spade', 'rake', 'can'].map((name) => ({ name, prompt: `A ${name}` })),
  };
  const folder = join(rig.workspace, 'garden');
  const before = Buffer.from(readFileSync(join(rig.workspace, 'images', 'photo.jpg')));
  const { sha256 } = standingPicture(before);
  const there = set.pictures.slice(0, 2);
  mkdirSync(folder);
  for (const { name } of there) writeFileSync(join(folder, `${name}.png`), before);
  const locked = there.map((entry) => [entry.name, { words: wordsDigest(set, entry), sha256, as: 'made' as const }]);
  writeFileSync(
    join(folder, 'garden.wanset.lock.json'),
    writeLock({ version: 1, pictures: Object.fromEntries(locked) as Record<string, never> }),
  );
  writeFileSync(join(folder, 'garden.wanset.json'), JSON.stringify(set, null, 2));

  await expect(async () => {
    await code.page.locator('[aria-label^="Refresh Explorer"]').first().dispatchEvent('click');
    await expect(code.file('garden')).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await code.open('garden/garden.wanset.json');
  const lens = (text: string) =>
    code.page.locator('.codelens-decoration a, .codelens-decoration span', { hasText: text }).first();
  await expect(lens('Generate 1 missing')).toBeVisible({ timeout: 60_000 });
  await code.screenshot('set-file-missing');
  await lens('Generate 1 missing').click();
  await expect(lens('All 3 pictures are current')).toBeVisible({ timeout: 60_000 });
  await code.screenshot('set-file-current');

  const made = readFileSync(join(folder, 'can.png'));
  expect([made.readUInt32BE(16), made.readUInt32BE(20)]).toEqual([768, 768]);
  for (const { name } of there) expect(readFileSync(join(folder, `${name}.png`)).equals(before)).toBe(true);
  expect(await simulator.counts()).toMatchObject({ accepted: 1, imagesBilled: 1 });
});
