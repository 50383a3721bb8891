import { stringify } from 'yaml';
import { dataSourceUid } from './uids.ts';

/** Where Grafana finds the reporting InfluxDB. A login is read from Grafana's environment, and is in no file. */
export interface DataSourcePlace {
  /** As Grafana's server reaches it, such as `http://localhost:8086`. */
  readonly url: string;
  /** Of 1.x; the bucket of 2.x, the database of 3.x. */
  readonly database: string;
  /** The login is a token, not a user and a password. */
  readonly token: boolean;
}

/** provisioning/datasources/stressql.yaml */
export function dataSourceProvisioning({ url, database, token }: DataSourcePlace): string {
  return stringify({
    apiVersion: 1,
    datasources: [
      {
        name: 'stressql',
        uid: dataSourceUid,
        type: 'influxdb',
        access: 'proxy',
        url,
        ...(!token && { user: '$__env{STRESSQL_REPORT_USERNAME}' }),
        jsonData: {
          version: 'InfluxQL',
          dbName: database,
          httpMode: 'POST',
          ...(token && { httpHeaderName1: 'Authorization' }),
        },
        secureJsonData: token
          ? { httpHeaderValue1: 'Token $__env{STRESSQL_REPORT_TOKEN}' }
          : { password: '$__env{STRESSQL_REPORT_PASSWORD}' },
      },
    ],
  });
}

/** provisioning/dashboards/stressql.yaml: `path` is the folder of the dashboards, as Grafana's server sees it. */
export function dashboardProvisioning(path: string): string {
  return stringify({
    apiVersion: 1,
    providers: [
      { name: 'stressql', folder: 'stressql', type: 'file', allowUiUpdates: true, options: { path } },
    ],
  });
}
