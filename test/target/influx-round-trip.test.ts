import { expect, it } from 'vitest';
import { describeWithInflux, describeWithInfluxLogin, describeWithInfluxTls } from '../servers/influx.ts';

describeWithInflux('plain', (influx) => {
  it('has a database', async () => {
    const name = await influx.createDatabase();
    expect((await influx.query('SHOW DATABASES')).flat()).toContain(name);
  });
});
describeWithInfluxLogin('login', (influx) => {
  it('has a database', async () => {
    const name = await influx.createDatabase();
    expect((await influx.query('SHOW DATABASES')).flat()).toContain(name);
  });
});
describeWithInfluxTls('tls', (influx) => {
  it('is there', async () => {
    expect(influx.server.caFile).toBeDefined();
  });
});
