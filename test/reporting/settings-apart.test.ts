import { expect, test } from 'vitest';
import { settingsApart, settingsOfStatement } from '../../src/reporting/settings-apart.ts';

test('of a run are those that differ from the defaults', () => {
  expect(settingsApart({ BatchSize: '5000', Retries: '3', Unknown: 'x' })).toEqual([
    ['Retries', '3'],
    ['Unknown', 'x'],
  ]);
});

test.each([
  ['one of its own', { BatchSize: '100' }, { BatchSize: '5000' }, [['BatchSize', '100']]],
  ['none', { BatchSize: '100' }, { BatchSize: '100' }, []],
  ['what holds for a whole run', { ReportAddress: 'a' }, { ReportAddress: 'b' }, []],
  ['a run of which no setting is known', { BatchSize: '100' }, {}, []],
])('of a statement: %s', (_, settings, ofRun, apart) => {
  expect(settingsOfStatement(settings, ofRun)).toEqual(apart);
});
