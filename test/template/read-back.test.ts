import { beforeEach, expect, it } from 'vitest';
import { describeWithInflux } from '../servers/influx.ts';
import { insertPlan, queryPlan } from './compiled.ts';

/** Texts with everything that line protocol or InfluxQL reads as something else. */
const oddTexts = [
  'plain',
  'two words',
  'a,b',
  'a=b',
  'back\\slash',
  'back\\,comma',
  'back\\ blank',
  'back\\=equals',
  '"quoted"',
  "it's",
  "\\'",
  '\\"',
  '\\\\',
  'x\\\\y',
  '🚀 ünïcode',
  '$^*.',
  '#hash',
  '%T',
  '/regex/',
  '\\n',
];
const tagTexts = oddTexts.filter((text) => !text.endsWith('\\'));

describeWithInflux('points of a template are read back from InfluxDB 1.8', (influx) => {
  let database: string;
  beforeEach(async () => {
    database = await influx.createDatabase();
  });

  async function write(body: string): Promise<void> {
    const url = `http://${influx.address}/write?db=${database}&precision=s`;
    const response = await fetch(url, { method: 'POST', body });
    expect([response.status, await response.text()]).toEqual([204, '']);
  }

  it('tags, fields and the queries about them say the same, whatever the texts hold', async () => {
    const template = `INSERT odd
odd\\,\\ m,t\\ag=[str file('tags.txt')],k=[int inc(0) 3] f\\=1=[str file('fields.txt')],n=[int rand(-5, 5)],x=[float normal(0, 1)],b=[bool rand()]
DO 200 EVERY 10s

QUERY odd
SELECT "n", "x", "b", "f=1" FROM %m WHERE %T AND time = %a
DO 1
`;
    const conditions = { files: { 'tags.txt': tagTexts.join('\n'), 'fields.txt': oddTexts.join('\n') } };
    const plan = insertPlan(template, conditions);
    const query = queryPlan(template, conditions);
    const staging = Buffer.alloc(plan.operationBytesAtMost);
    const end = plan.write({ operation: 0, intendedNs: 0, pick: -1 }, 200, staging, 0);
    await write(staging.toString('utf8', 0, end));

    const [[count]] = (await influx.query('SELECT COUNT("n") FROM /.*/', database)).map((row) =>
      row.slice(1),
    ) as [[number]];
    expect(count).toBe(200);
    const series = await influx.series('SELECT * FROM /.*/ GROUP BY *', database);
    expect(series.length).toBe(plan.seriesCardinality);
    for (const index of [0, 1, 17, 56, 57, 58, 114, 199]) {
      const value = (name: string): string => plan.valueOf(name, index).text;
      const rows = await influx.query(query.item(0, index), database);
      expect(rows).toEqual([
        [expect.anything(), Number(value('n')), Number(value('x')), value('b') === 'true', value('f=1')],
      ]);
    }
    for (const { tags } of series) {
      const known = Array.from({ length: plan.itemsOfTurn }, (_, index) =>
        Object.fromEntries(plan.tagsOf(index).map(([key, { text }]) => [key, text])),
      );
      expect(known).toContainEqual(tags);
    }
  });
});
