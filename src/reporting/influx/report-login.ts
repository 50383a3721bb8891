import { redacted } from '../../stress-client/settings.ts';
import { readInfluxAddress, type InfluxAddress } from '../../stress-client/target/influx/address.ts';

/** Where results are sent, and as whom. */
export interface ReportLogin {
  readonly address: InfluxAddress;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly token: string;
  readonly org: string;
  readonly bucket: string;
}

/** The settings that say where results are sent, as SET takes them. */
export type ReportSettings = Readonly<
  Record<
    | 'ReportAddress'
    | 'ReportDatabase'
    | 'ReportUsername'
    | 'ReportPassword'
    | 'ReportToken'
    | 'ReportOrg'
    | 'ReportBucket',
    string
  >
>;

/**
 * Reads where results are sent: `given` (--report) before the settings, and variables of the environment
 * (`STRESSQL_REPORT_USERNAME`, `…_PASSWORD`, `…_TOKEN`, `…_DATABASE`, `…_ORG`, `…_BUCKET`) before both.
 * `problem` says in a sentence what is wrong.
 */
export function readReportLogin(
  settings: ReportSettings,
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): ReportLogin | { readonly problem: string } {
  const name = given ?? settings.ReportAddress;
  const address = readInfluxAddress(name, false);
  if ('expected' in address) {
    // What has a login in it is not repeated.
    const what = name.includes('@') ? 'an address without a login' : address.expected;
    const advice = name.includes('@') ? '; set STRESSQL_REPORT_USERNAME and STRESSQL_REPORT_PASSWORD' : '';
    const shown = name.includes('@') ? '' : ` ${name}`;
    return { problem: `the reporting InfluxDB${shown}: expected ${what}${advice}` };
  }
  const of = (setting: keyof ReportSettings, variable: string): string =>
    environment[`STRESSQL_REPORT_${variable}`] || settings[setting];
  const login = {
    address,
    database: of('ReportDatabase', 'DATABASE'),
    username: of('ReportUsername', 'USERNAME'),
    password: of('ReportPassword', 'PASSWORD'),
    token: of('ReportToken', 'TOKEN'),
    org: of('ReportOrg', 'ORG'),
    bucket: of('ReportBucket', 'BUCKET'),
  };
  for (const secret of ['password', 'token'] as const) {
    if (login[secret] !== redacted) continue;
    const variable = `STRESSQL_REPORT_${secret.toUpperCase()}`;
    return {
      problem: `the reporting InfluxDB asks for the ${secret}, which run folders do not keep: set ${variable}`,
    };
  }
  return login;
}

/** Whether results are sent to a server that is under load itself: one of the target's addresses. */
export function isAmongTargets(
  login: ReportLogin,
  target: { readonly Addresses: readonly string[]; readonly SSL: boolean },
): boolean {
  const place = placeOf(login.address);
  return target.Addresses.some((name) => {
    const address = readInfluxAddress(name, target.SSL);
    return 'origin' in address && placeOf(address) === place;
  });
}

/** Host and port; every name of this machine's loopback is one. */
function placeOf({ origin }: InfluxAddress): string {
  const { protocol, hostname, port } = new URL(origin);
  const isLoopback = /^(localhost\.?|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(hostname);
  return `${isLoopback ? 'localhost' : hostname.toLowerCase()}:${port || (protocol === 'https:' ? 443 : 80)}`;
}
