import { expect, test } from 'vitest';
import { systemClock } from '../../src/stress-client/clock.ts';
import { createTarget } from '../../src/stress-client/target/create-target.ts';
import { settingsWith } from '../support/loads.ts';

const nobody = { answered() {}, lateAnswer() {}, reprepared() {} };

test('the sink needs no address', async () => {
  const target = await createTarget(settingsWith({ Target: 'sink' }), systemClock);
  expect(await target.open(nobody)).toMatchObject([{ address: 'sink' }]);
  expect(await target.passThrough('CREATE DATABASE x', settingsWith())).toMatchObject({ ok: true });
  await target.close();
});
